/** One access link with two prefixes: a care-of address of each, both registered over the same device. */
import { mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { event, Stage, settled, watching } from '../inside/stage.ts';

const SECOND = '2001:db8:a:1::';

/** The link to lte has a second prefix, which its access router lets through as well. */
function withSecondPrefix(plan: NetworkPlan): NetworkPlan {
  const { lte } = plan.links;
  const core = plan.hosts.core!;
  return {
    hosts: {
      ...plan.hosts,
      'lte-gw': { forwarding: true },
      core: { ...core, routes: [...(core.routes ?? []), `${SECOND}/64 via 2001:db8:ca::2`] },
    },
    links: {
      ...plan.links,
      lte: {
        ...lte!,
        near: { ...lte!.near, addresses: [...(lte!.near.addresses ?? []), `${SECOND}2/64`] },
        far: { ...lte!.far, addresses: [...(lte!.far.addresses ?? []), `${SECOND}1/64`] },
      },
    },
  };
}

const uplink = (name: string, prefix: string) =>
  `config uplink '${name}'\n\toption device 'lte'\n\toption care_of '${prefix}'\n\n`;

/** Nothing passes that comes from or goes to this prefix. */
const blocked = (prefix: string) => `table ip6 block { chain forward { type filter hook forward priority 0
  ip6 saddr ${prefix} drop
  ip6 daddr ${prefix} drop
}
}
`;

scenario(watching(['lte'], withSecondPrefix(mainTopology({ capture: 0 }))), async network => {
  const sections = uplink('lte', '2001:db8:a::/64') + uplink('second', `${SECOND}/64`);
  const stage = await Stage.set(network, { uplinks: [], sections });
  record('bindings', { text: await stage.anchor.command('bindings') });
  for (const [name, prefix, other] of [
    ['lte', '2001:db8:a::/64', 'second'],
    ['second', `${SECOND}/64`, 'lte'],
  ] as const) {
    await event(`prefer ${name}`, () => stage.router.command('prefer', name));
    await settled(stage.router, name);
    await event(`silence ${name}`, () => network.run('lte-gw', ['nft', '-f', '-'], blocked(prefix)), 1500);
    record('active', { instead: other, text: await stage.router.command('status') });
    await event(`return ${name}`, () => network.run('lte-gw', ['nft', 'flush', 'ruleset']), 2000);
    await settled(stage.router, name);
  }
  await event('address gone', () => network.ip('router', `address delete ${SECOND}2/64 dev lte`), 1000);
  record('bindings', { text: await stage.anchor.command('bindings') });
  await stage.finish();
});
