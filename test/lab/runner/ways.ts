/** Which way packets took: their addresses and headers on each link, as tshark sees them. */
import { join } from 'node:path';
import { packets } from './capture.ts';
import type { ScenarioResult } from './scenario.ts';

const FIELDS = ['frame.time_epoch', 'ipv6.src', 'ipv6.dst', 'ipv6.nxt', 'mip6.mhtype', 'udp.port'];

/** Wall-clock times of captures, milliseconds. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export class Ways {
  readonly #rows = new Map<string, readonly string[][]>();

  static async read(result: ScenarioResult, links: readonly string[]): Promise<Ways> {
    const ways = new Ways();
    for (const link of links) {
      ways.#rows.set(link, await packets(join(result.dir, `${link}.pcap`), 'mipv6 || udp', FIELDS));
    }
    return ways;
  }

  /**
   * Each different `<source> <destination> <next headers>` on a link, sorted; of a tunnel both, with commas.
   * @param type of Mobility Header messages; none: UDP datagrams
   */
  on(link: string, { from, to }: Span, type = ''): string[] {
    const found = this.#rows
      .get(link)!
      .filter(([time, , , , mobility]) => {
        const at = Number(time) * 1000;
        return at >= from && at < to && mobility === type;
      })
      .map(([, ...fields]) => fields.slice(0, 3).join(' '));
    return [...new Set(found)].sort();
  }
}

/** Out and back. */
type Way = readonly [string, string];

/** With the home address in an option, and back in a routing header. */
export const direct = (careOf: string, correspondent: string): Way => [
  `${careOf} ${correspondent} 60`,
  `${correspondent} ${careOf} 43`,
];

export const plain = (own: string, correspondent: string): Way => [
  `${own} ${correspondent} 17`,
  `${correspondent} ${own} 17`,
];

/** The same in a tunnel between these ends. */
export function tunneled(careOf: string, homeAgent: string, [out, back]: Way): Way {
  const wrapped = (way: string, from: string, to: string): string =>
    way.replace(/^(\S+) (\S+) (\S+)$/, `${from},$1 ${to},$2 41,$3`);
  return [wrapped(out, careOf, homeAgent), wrapped(back, homeAgent, careOf)];
}

/** As {@link Ways.on} gives them. */
export const together = (...ways: readonly Way[]): string[] => ways.flat().sort();
