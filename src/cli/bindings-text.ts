/** `kedge bindings`: the registered care-of addresses, one a line. */
import { type Lifetime, mobileRoutersOf, type Status } from '../engine/status.ts';
import { type Screen, tabulate } from './layout.ts';
import { painted } from './report-parts.ts';
import { remaining } from './units.ts';

interface Line {
  readonly active: boolean;
  readonly owner: string;
  readonly bid: number;
  readonly careOfAddress: string;
  readonly lifetime: Lifetime;
}

/** Lines without line ends, left whole for `grep`. `*` marks the bindings that carry traffic. */
export function renderBindings(status: Status, screen: Screen): string[] {
  const routers = mobileRoutersOf(status);
  const registered = routers.flatMap(router =>
    router.uplinks.flatMap(({ name, bid, careOfAddress, binding }): Line[] => {
      if (binding === null || careOfAddress === null) return [];
      const owner = routers.length > 1 ? `${router.name} ${name}` : name;
      return [{ active: name === router.active.uplink, owner, bid, careOfAddress, lifetime: binding }];
    }),
  );
  const served = (status.homeAgent?.nodes ?? []).flatMap(node =>
    node.bindings.map(({ bid, careOfAddress, lifetime }): Line => {
      return { active: bid === node.active.bid, owner: node.name, bid, careOfAddress, lifetime };
    }),
  );
  const tables = [...table('UPLINK', registered, screen), ...table('PEER', served, screen)];
  return tables.length === 0 ? ['no bindings'] : tables;
}

function table(owner: string, lines: readonly Line[], screen: Screen): string[] {
  if (lines.length === 0) return [];
  const [titles = '', ...rows] = tabulate(
    [
      { title: `  ${owner}` },
      { title: 'BID', right: true },
      { title: 'CARE-OF ADDRESS' },
      { title: 'LIFETIME', right: true },
    ],
    lines.map(({ active, owner, bid, careOfAddress, lifetime }) => [
      `${active ? '*' : ' '} ${owner}`,
      `${bid}`,
      careOfAddress,
      remaining(lifetime),
    ]),
  );
  return [...painted([titles], 'faint', screen), ...rows];
}
