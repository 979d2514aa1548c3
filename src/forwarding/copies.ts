/**
 * Packets that go over several paths at once (see `engine/copies.ts`). The kernel does it all: the lane of such a flow leads
 * into a GRE device, which numbers the packets; what comes out of it is copied to the tunnel of each lane by nftables'
 * `dup`, and at the far end a set of the numbers that have been seen lately lets the first copy pass.
 *
 * `dup` sends to a next hop, not by a mark. Each lane that takes copies therefore has an address of the discard prefix
 * (RFC 6666) that nothing else uses, with a route by the lane's path: a failover changes that route, never the text.
 */
import type { Steering, SteeringAction } from '../engine/steering.ts';
import { ADDRESS_LENGTH, type Address, formatAddress, hostPrefix } from '../wire/address.ts';
import { laneMark, type Marks } from './marks.ts';
import { LAST_METRIC, ROUTE_METRIC, type Route, TUNNEL_PREFIX, type Tunnel } from './state.ts';
import { copyMtu, tunnelName } from './tunnel.ts';

/** What nftables has to do at one end of a GRE tunnel. */
export interface Copies {
  readonly local: Address;
  readonly remote: Address;
  readonly flows: readonly {
    /** Mark of the lane that led into the GRE tunnel. */
    readonly through: number;
    /** Mark of the lane that the packet itself takes then. */
    readonly first: number;
    /** Next hops of the copies. */
    readonly others: readonly Address[];
  }[];
  readonly marks: Marks;
}

export interface CopyPlan {
  /** In names of devices: 14 characters less those of the prefix. */
  readonly label: string;
  readonly local: Address;
  readonly remote: Address;
  readonly key: number;
  /** Of the tunnels that carry the copies. */
  readonly group: number;
  /** 32 bits by which this plan's next hops differ from all others. */
  readonly owner: number;
  readonly mtu: number;
  readonly steering: Steering | undefined;
  readonly marks: Marks;
  /** Name of the tunnel of a path; undefined: it has none. */
  deviceOf(bid: number | undefined): string | undefined;
}

const MAIN_TABLE = 254;
const TABLE = 'ip6 kedge';
/** First 16 bits of the discard prefix, 100::/64; the next 48 are zero. */
const DISCARD = 0x100;
/** Seconds that a copy may be late: as long as a neighbour is searched for (RFC 4861 §10), and packets wait for it. */
const MEMORY = 4;
/** Packets of that time, all nodes together; beyond that copies pass as duplicates. */
const MOST_REMEMBERED = 65_536;

const isReplicated = (action: SteeringAction): action is Extract<SteeringAction, { kind: 'replicate' }> =>
  action.kind === 'replicate';

/** Lanes that lead into the GRE tunnel. */
export function lanesThroughCopies(steering: Steering | undefined): ReadonlySet<number> {
  const rules = steering?.rules ?? [];
  return new Set(rules.flatMap(({ action }) => (isReplicated(action) ? [action.through] : [])));
}

export const copyDevice = (label: string): string => tunnelName(`+${label}`);

export interface CopyItems {
  readonly tunnel: Tunnel;
  readonly routes: readonly Route[];
  readonly copies: Copies;
}

/** For two ends that have agreed on copies, whether or not something is to be copied: the other end may copy already, or still. */
export function planCopies(plan: CopyPlan): CopyItems {
  const { label, local, remote, key, group, owner, mtu, steering, marks } = plan;
  const actions = (steering?.rules ?? []).map(({ action }) => action).filter(isReplicated);
  const others = new Set(actions.flatMap(({ lanes }) => lanes.slice(1)));
  const flows = new Map(
    actions.map(({ through, lanes }) => [
      through,
      {
        through: laneMark(marks, through),
        first: laneMark(marks, lanes[0]!),
        others: lanes.slice(1).map(lane => copyAddress(owner, lane)),
      },
    ]),
  );
  const routes = (steering?.lanes ?? [])
    .filter(({ number }) => others.has(number))
    .flatMap(({ number, active }): Route[] => {
      const device = plan.deviceOf(active);
      const destination = hostPrefix(copyAddress(owner, number));
      return device === undefined
        ? []
        : [{ table: MAIN_TABLE, destination, metric: ROUTE_METRIC, kind: 'unicast', device }];
    });
  return {
    tunnel: { name: copyDevice(label), local, remote, link: 0, mtu: copyMtu(mtu), group, key },
    // Without the last one, a copy for a lane without a path would leave by a bare uplink.
    routes: [
      ...routes,
      {
        table: MAIN_TABLE,
        destination: { address: copyAddress(owner, 0), length: 96 },
        metric: LAST_METRIC,
        kind: 'unreachable',
      },
    ],
    copies: { local, remote, flows: [...flows.values()], marks },
  };
}

function copyAddress(owner: number, lane: number): Address {
  const address = new Uint8Array(ADDRESS_LENGTH);
  const view = new DataView(address.buffer);
  view.setUint16(0, DISCARD);
  view.setUint32(8, owner);
  view.setUint32(12, lane);
  return address;
}

export function equalCopies(a: Copies, b: Copies): boolean {
  return textOf(a) === textOf(b);
}
const textOf = (copies: Copies): string => copiesText([copies]);

const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
const REMOVAL = `table ${TABLE} {}\ndelete table ${TABLE}\n`;

/**
 * Text for `nft -f -`. The table is of its own, as kernels may lack what it needs, and never replaced as a whole: what has
 * been seen is to be remembered.
 */
export function copiesText(all: readonly Copies[]): string {
  if (all.length === 0) return REMOVAL;
  const pairs = all.map(({ local, remote }) => [formatAddress(local), formatAddress(remote)] as const);
  const ways = pairs.map(([local, remote], at) => `${local} . ${remote} : goto copy${at}`);
  const rules: readonly (readonly [chain: string, ...rules: string[]])[] = [
    ['once', ...TAKE_ONCE],
    [
      'arrive',
      `iifname "${TUNNEL_PREFIX}*" meta l4proto 47 ip6 saddr . ip6 daddr { ${pairs.map(([local, remote]) => `${remote} . ${local}`).join(', ')} } goto once`,
    ],
    ...all.map((copies, at) => [`copy${at}`, ...copyRules(copies)] as const),
    ['depart', `meta l4proto 47 ip6 saddr . ip6 daddr vmap { ${ways.join(', ')} }`],
  ];
  return [
    `table ${TABLE} {`,
    `\tset seen { type ipv6_addr . mark; flags dynamic, timeout; timeout ${MEMORY}s; size ${MOST_REMEMBERED}; }`,
    ...rules.map(([chain]) => `\tchain ${chain} { ${HOOKS[chain] ?? ''} }`),
    '}',
    ...rules.map(([chain]) => `flush chain ${TABLE} ${chain}`),
    ...rules.flatMap(([chain, ...each]) => each.map(rule => `add rule ${TABLE} ${chain} ${rule}`)),
    '',
  ].join('\n');
}

const HOOKS: Readonly<Record<string, string>> = {
  arrive: 'type filter hook prerouting priority raw; policy accept;',
  // After what chooses lanes.
  depart: 'type route hook output priority mangle + 6; policy accept;',
};

/** The number stands in the packet's mark for as long as it is looked up. */
const TAKE_ONCE = [
  'meta mark set @th,64,32',
  'ip6 saddr . meta mark @seen counter drop',
  'add @seen { ip6 saddr . meta mark }',
  'meta mark set 0',
];

/** A copy is marked as the packet is, so it meets no rule of these again. */
function copyRules({ flows, marks: { packet } }: Copies): string[] {
  return flows.map(({ through, first, others }) => {
    const copies = others.map(address => ` dup to ${formatAddress(address)}`).join('');
    return `meta mark & ${hex(packet)} == ${hex(through)} meta mark set meta mark & ${hex(~packet)} | ${hex(first)}${copies} accept`;
  });
}
