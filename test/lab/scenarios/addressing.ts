/** Care-of addresses that come by router advertisement, pass duplicate address detection, and change while in use. */
import { sleep } from '../inside/clock.ts';
import { advertiseUplinks, mainTopology } from '../inside/main-topology.ts';
import type { NetworkPlan } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';

/** Duplicate address detection on the router's end of both uplinks. */
function withDad(plan: NetworkPlan): NetworkPlan {
  const links = Object.entries(plan.links).map(([name, link]) => [
    name,
    name === 'lte' || name === 'wifi' ? { ...link, near: { ...link.near, dad: true } } : link,
  ]);
  return { ...plan, links: Object.fromEntries(links) };
}

const NEW_PREFIX = '2001:db8:a:1::';

scenario(
  watching(['lte', 'wifi'], withDad(mainTopology({ addressing: 'ra', capture: 160 }))),
  async network => {
    advertiseUplinks(network);
    const stage = await Stage.set(network);
    const careOf = async (): Promise<void> => {
      record('bindings', { text: await stage.anchor.command('bindings') });
    };
    await careOf();
    await stage.event('carrier lte', () => network.link('lte').carrier('near', false), 500);
    await stage.event('return lte', () => network.link('lte').carrier('near', true), 4000);
    await stage.settled('lte');
    await careOf();

    // The access network is renumbered: the new prefix is announced, the old one deprecated.
    await network.run('lte-gw', ['nft', 'flush', 'ruleset']);
    await network.ip('lte-gw', `address add ${NEW_PREFIX}1/64 dev lte nodad`);
    await network.ip('core', `route add ${NEW_PREFIX}/64 via 2001:db8:ca::2`);
    await stage.event(
      'renumbered by advertisement',
      async () => {
        network.advertise('lte', 'far', `${NEW_PREFIX}/64`);
        network.advertise('lte', 'far', '2001:db8:a::/64', { preferred: 0 });
      },
      5000,
    );
    await stage.settled('lte');
    await careOf();

    // By hand: a new address beside the old one, then the old one goes; then one in place of another.
    await stage.event(
      'renumbered gently',
      async () => {
        await network.ip('router', `address add ${NEW_PREFIX}33/64 dev lte`);
        await sleep(3000);
        await network.ip('router', `address delete ${NEW_PREFIX}ff:fe00:101/64 dev lte`);
      },
      4000,
    );
    await stage.settled('lte');
    await careOf();
    await stage.event(
      'renumbered abruptly',
      () =>
        network.ip(
          'router',
          `address delete ${NEW_PREFIX}33/64 dev lte`,
          `address add ${NEW_PREFIX}44/64 dev lte nodad`,
        ),
      2000,
    );
    await stage.settled('lte');
    await careOf();
    await stage.finish();
  },
);
