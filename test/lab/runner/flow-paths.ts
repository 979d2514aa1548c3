/** Which path the packets of each flow took, by captures of the uplinks. */

import { capture, fromNearEnd } from './product.ts';
import type { ScenarioResult } from './scenario.ts';

const OUTER = 40;
const IPV6_IN_IPV6 = 41;
const UDP = 17;

export interface Window {
  readonly from: number;
  readonly to: number;
}

export type Counts = Readonly<Record<'lte' | 'wifi', { readonly up: number; readonly down: number }>>;

interface Inner {
  readonly up: boolean;
  /** Of the lan host and of the correspondent. */
  readonly inside: number;
  readonly outside: number;
}

function udpIn(packet: Uint8Array, up: boolean): Inner | undefined {
  if (packet[6] !== IPV6_IN_IPV6 || packet[OUTER + 6] !== UDP) return undefined;
  const port = (at: number) => packet[2 * OUTER + at]! * 256 + packet[2 * OUTER + at + 1]!;
  const [source, destination] = [port(0), port(2)];
  return up ? { up, inside: source, outside: destination } : { up, inside: destination, outside: source };
}

/** Tunnelled UDP packets that the filter takes, by uplink and direction. */
export function countPaths(
  result: ScenarioResult,
  filter: (flow: Inner) => boolean,
  { from, to }: Window = { from: 0, to: Number.POSITIVE_INFINITY },
): Counts {
  const count = (link: string) => {
    const inner = capture(result, link)
      .filter(({ time }) => time >= from && time < to)
      .flatMap(frame => udpIn(frame.packet, fromNearEnd(frame)) ?? []);
    const own = inner.filter(filter);
    return { up: own.filter(({ up }) => up).length, down: own.filter(({ up }) => !up).length };
  };
  return { lte: count('lte'), wifi: count('wifi') };
}
