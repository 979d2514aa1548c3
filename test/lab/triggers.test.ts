/**
 * All for which draft-ietf-monami6-mipv6-analysis-01 (Appendix A) and draft-montavont-mip6-mmi-02 (§3) have a mobile node
 * redirect flows, in turn, on one router with three uplinks: which flows move, that no other one does, and what it costs. Shown
 * elsewhere, because it takes another network or its own time:
 *
 * | trigger | what kedge does | shown by |
 * | --- | --- | --- |
 * | quality: loss, delay, jitter, a rate that does not suffice | as here | quality.test.ts |
 * | cost: the monthly budget is used up | as when it costs money | budget.test.ts |
 * | a handover of the interface in use | as without and with an address | flow-moves.test.ts |
 * | the router comes home, or leaves | redirects to the home link, or from it | returning-home.test.ts |
 * | a home address fails | binds it by another interface | two-docks.test.ts |
 */
import { beforeAll, expect, test } from 'vitest';
import type { EchoReport } from './record.ts';
import { assertProduct, losses } from './runner/product.ts';
import { runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

/** Milliseconds between the echoes of a flow, and those in a look. */
const INTERVAL = 25;
const IN_A_LOOK = 1000 / INTERVAL;

type Uplink = 'lte' | 'wifi' | 'sat';
type Flow = 'rest' | 'calls' | 'mail' | 'backup' | 'fresh';
type Places = Partial<Record<Flow, Uplink>>;

/** Where each flow is while all is well: `backup` may be there only, `calls` are sensitive to quality. */
const WELL = { rest: 'lte', calls: 'wifi', mail: 'wifi', backup: 'sat' } as const satisfies Places;
const ALL = Object.keys(WELL) as readonly (keyof typeof WELL)[];

interface Trigger {
  /** In the scenario. */
  readonly step: string;
  readonly trigger: string;
  readonly does: string;
  /** Flows that are elsewhere than {@link WELL}. */
  readonly places: Places;
  /** Those that may lose something, and how much in a row, milliseconds. */
  readonly losing?: readonly Flow[];
  readonly bound?: number;
}

const LEFT: Places = { calls: 'lte', mail: 'lte' };
const LEAVING = ['calls', 'mail'] as const;

const TRIGGERS: readonly Trigger[] = [
  {
    step: 'poorer',
    trigger: 'an uplink gets slower',
    does: 'what is sensitive to quality leaves it',
    places: { calls: 'lte' },
  },
  {
    step: 'poor',
    trigger: 'an uplink gets too slow for all',
    does: 'the other flows leave it too',
    places: LEFT,
  },
  { step: 'good', trigger: 'its quality is better again', does: 'its flows come back', places: {} },
  {
    step: 'wish',
    trigger: 'the user wishes another uplink',
    does: 'what no rule names takes it',
    places: { rest: 'wifi' },
  },
  { step: 'no wish', trigger: 'the user wishes none any more', does: 'it goes by priority', places: {} },
  {
    step: 'dear',
    trigger: 'an uplink costs money now',
    does: 'what no rule names takes the next one',
    places: { rest: 'wifi' },
  },
  { step: 'cheap', trigger: 'it costs nothing any more', does: 'it is used as before', places: {} },
  {
    step: 'policy',
    trigger: 'the policy of a flow changes',
    does: 'the flow takes the uplink that it names',
    places: { calls: 'sat' },
  },
  { step: 'former policy', trigger: 'the policy is as before', does: 'the flow comes back', places: {} },
  {
    step: 'new flow',
    trigger: 'a flow begins',
    does: 'it takes the uplink that the policy names, from its first packet on',
    places: { fresh: 'sat' },
  },
  {
    step: 'down',
    trigger: 'an interface in use comes down',
    does: 'its flows take the most preferred uplink that is left',
    places: LEFT,
    losing: LEAVING,
    bound: 75,
  },
  { step: 'up', trigger: 'a more suitable interface comes up', does: 'its flows take it', places: {} },
  {
    step: 'no address',
    trigger: 'the address of an interface goes',
    does: 'its flows take the most preferred uplink that is left',
    places: LEFT,
    losing: LEAVING,
    bound: 75,
  },
  {
    step: 'new address',
    trigger: 'a new address becomes available',
    does: 'it is registered, and the flows of its uplink take it',
    places: {},
  },
  {
    step: 'silent',
    trigger: 'the path to the home agent fails',
    does: 'probes find that out, and its flows leave it',
    places: LEFT,
    losing: LEAVING,
    bound: 375,
  },
  { step: 'answers', trigger: 'the path answers again', does: 'its flows come back', places: {} },
  {
    step: 'home agent',
    trigger: 'the home agent fails',
    does: 'another one is registered with, and each flow keeps its uplink',
    places: {},
    losing: ALL,
    bound: 6000,
  },
  {
    step: 'behind it',
    trigger: 'the path between home agent and correspondent fails',
    does: 'the home agent finds that out and plays dead, another one is registered with',
    places: {},
    losing: ALL,
    bound: 11_000,
  },
];

interface Look {
  /** Packets by uplink, flow and direction. */
  readonly counts: Readonly<Record<string, number>>;
  readonly said: {
    readonly flows: readonly {
      readonly rule: string;
      readonly shares: readonly [{ readonly carrier: Uplink }];
    }[];
  };
}

let result: ScenarioResult;

beforeAll(async () => {
  result = await runScenario('triggers', { time: 'virtual', timeout: 160_000 });
}, 170_000);

const lookAt = (step: string): Look =>
  result.records.find(({ record, what }) => record === 'look' && what === step) as unknown as Look;

/** All that each path carries, both ways, and nothing else; and `kedge flows` says so too. */
function expectPlaces(step: string, places: Places): void {
  const { counts, said } = lookAt(step);
  const expected = Object.entries(places).flatMap(([flow, uplink]) => [
    `${uplink}_${flow}_up`,
    `${uplink}_${flow}_down`,
  ]);
  expect(Object.keys(counts).sort(), step).toEqual(expected.sort());
  for (const [path, packets] of Object.entries(counts))
    expect(Math.abs(packets - IN_A_LOOK), `${step}: ${packets} packets of ${path}`).toBeLessThanOrEqual(2);
  for (const { rule, shares } of said.flows)
    expect({ step, rule, carrier: shares[0].carrier }).toEqual({
      step,
      rule,
      carrier: places[rule as Flow] ?? 'sat',
    });
}

test('while all is well each uplink carries its flows, both ways', () => {
  assertProduct(result);
  expectPlaces('start', WELL);
});

test.each(TRIGGERS.map(each => [each.trigger, each.does, each] as const))(
  '[analysis-01 §A] [mmi-02 §3] %s: %s, and no other flow notices',
  (_, __, { step, places, losing = [], bound = 0 }) => {
    expectPlaces(step, { ...WELL, ...places });
    for (const flow of ALL) {
      const lost = losses(result, flow).events.find(({ what }) => what === step)!.lost * INTERVAL;
      if (!losing.includes(flow)) expect({ flow, lost }).toEqual({ flow, lost: 0 });
      else {
        expect(lost, flow).toBeGreaterThan(0);
        expect(lost, flow).toBeLessThanOrEqual(bound);
      }
    }
  },
);

test('nothing is lost between the triggers, or of a flow that has just begun', () => {
  for (const flow of ALL) expect({ flow, lost: losses(result, flow).otherwise }).toEqual({ flow, lost: 0 });
  const { report } = theRecord<{ report: EchoReport }>(result, 'fresh');
  expect(report.lost).toBe(0);
});
