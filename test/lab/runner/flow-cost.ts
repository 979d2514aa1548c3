/** What a packet costs with one flow binding and with a thousand, by turns, in one run. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SteeringRule } from '../../../src/engine/steering.ts';
import { ClassifierLoader } from '../../../src/forwarding/classifier-loader.ts';
import { DEFAULT_MARKS } from '../../../src/forwarding/marks.ts';
import { parsePrefix } from '../../../src/wire/address.ts';
import { CHECKOUT, type ScenarioOptions } from './scenario.ts';

const MATCHING = 7;

/** The text of so many rules at an anchor, of which the last one matches. */
function ruleset(count: number): string {
  const rules = Array.from({ length: count }, (_, at): SteeringRule => {
    const id = at + 1;
    const port = id === count ? MATCHING : 40_000 + id;
    return {
      id,
      name: `fid-${id}`,
      selectors: [{ protocol: { start: 17 }, outsidePort: { start: port } }, { insidePort: { start: port } }],
      action: { kind: 'lanes', shares: [{ lane: 1 + (id % 3), weight: 1 }], per: 'flow' },
    };
  });
  const loader = new ClassifierLoader();
  const prefixes = ['2001:db8:1::/64', '2001:db8:2::/64'].map(text => parsePrefix(text)!);
  loader.want('node', {
    scope: 'n0',
    direction: 'inward',
    prefixes,
    rules,
    returns: [],
    marks: DEFAULT_MARKS,
  });
  return `table inet kedge {}\ndelete table inet kedge\n${loader.script()!.text}`;
}

/** Processor time that the lab's kernel, a child of this process, has used so far, ticks of 10 ms. */
function used(results: string): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter(name => /^[0-9]+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(results)) continue;
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
      if (Number(fields[1]) === process.pid) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended.
    }
  }
  return ticks;
}

const PACKETS = 20_000;
export const ROUNDS = 8;

const LABEL = 'flow-cost';

export interface FlowCost {
  /** Microseconds a packet, the least of all rounds: whoever else is at work on the machine only adds. */
  readonly one: number;
  readonly many: number;
  /** Of each round. */
  readonly all: readonly [readonly number[], readonly number[]];
}

/** @param play plays the scenario `flow-cost` */
export async function measureFlowCost(
  play: (name: string, options: ScenarioOptions) => Promise<unknown>,
): Promise<FlowCost> {
  const all: [number[], number[]] = [[], []];
  let begun = 0;
  const at = resolve(CHECKOUT, 'results', LABEL);
  await play('flow-cost', {
    time: 'real',
    label: LABEL,
    params: { rulesets: [ruleset(1), ruleset(1000)], rounds: ROUNDS, packets: PACKETS },
    onRecord: ({ record, ruleset: which }) => {
      if (record === 'begin') begun = used(at);
      if (record === 'end') all[which as 0 | 1].push(((used(at) - begun) * 10_000) / PACKETS);
    },
  });
  return { one: Math.min(...all[0]), many: Math.min(...all[1]), all };
}
