/**
 * The home link of a home agent: a neighbour reaches an absent router; tries to take its address; asks in all forms who has
 * which address; a node is refused because its address is taken; returns home; and binds for too short a time.
 */
import { solicitedNodeAddress } from '../../../src/engine/neighbor-messages.ts';
import { parseAddress, UNSPECIFIED } from '../../../src/wire/address.ts';
import { emitIcmpv6Packet } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { now, sleep } from '../inside/clock.ts';
import {
  awayRouterConfig,
  buildHomeLink,
  HOME,
  homeAgentConfig,
  homeTopology,
  networkOption,
  SpokenNode,
  sendRaw,
} from '../inside/home-network.ts';
import { Kedge } from '../inside/kedge.ts';
import type { Network } from '../inside/network.ts';
import { record, scenario } from '../inside/scenario.ts';

const address = (text: string) => parseAddress(text)!;
/** Longer than the kernel delays its answers as a proxy. */
const ANSWERED = 1500;

/** Neighbour solicitations of `host`: to the group and to the home agent itself, with and without its own link-layer address; and from nobody. */
async function solicit(network: Network, target: string): Promise<void> {
  const group = solicitedNodeAddress(address(target));
  const own = { kind: 'source-link-layer-address', address: Uint8Array.of(2, 0, 0, 0, 0, 1) } as const;
  const forms = [
    { source: address(HOME.host), destination: group, options: [own] },
    { source: address(HOME.host), destination: address(target), options: [own] },
    { source: address(HOME.host), destination: address(target), options: [] },
    { source: UNSPECIFIED, destination: group, options: [] },
  ];
  await network.ip('host', 'neigh flush dev lan1');
  for (const [form, { options, ...ends }] of forms.entries()) {
    record('asked', { target, form, at: Date.now() });
    const message = { kind: 'neighbor-solicitation', target: address(target), options } as const;
    await sendRaw(network, 'host', emitIcmpv6Packet({ ...ends, message }));
    await sleep(ANSWERED);
  }
}

async function ping(network: Network, host: string, target: string): Promise<string> {
  return network.run(host, ['sh', '-c', `ping -6 -c 3 -i 0.2 -W 2 ${target} 2>&1 || true`]);
}

const proxies = (network: Network) => network.run('anchor', ['ip', '-6', 'neigh', 'show', 'proxy']);

scenario(homeTopology(), async network => {
  await buildHomeLink(network);
  const anchor = new Kedge(network, 'anchor', homeAgentConfig());
  const router = new Kedge(network, 'away', awayRouterConfig());
  anchor.start();
  await sleep(2500);
  const started = now();
  router.start();
  const isBound = ({ homeAgent }: { homeAgent: { nodes: { name: string; bindings: unknown[] }[] } }) =>
    homeAgent.nodes.find(node => node.name === 'router')!.bindings.length > 0;
  await anchor.until(isBound);
  record('bound', { took: now() - started });
  await sleep(4000);

  record('absent', {
    ping: await ping(network, 'host', HOME.router),
    neighbor: await network.run('host', ['ip', '-6', 'neigh', 'show', HOME.router]),
    proxies: await proxies(network),
  });

  // A neighbour wants the router's address.
  await network.ip('host', `address add ${HOME.router}/64 dev lan1`);
  await sleep(3000);
  record('contest', { addresses: await network.run('host', ['ip', '-6', 'address', 'show', 'dev', 'lan1']) });
  await network.ip('host', `address delete ${HOME.router}/64 dev lan1`);
  await solicit(network, HOME.router);
  await solicit(network, HOME.routerLinkLocal);
  await solicit(network, HOME.nobody);

  // The node's address is taken when it registers; later its link-local address is, which matters with the L flag only.
  const node = new SpokenNode(network);
  const registered = { options: [networkOption()] };
  await network.ip('host', `address add ${HOME.node}/64 dev lan1 nodad`);
  await node.fromAbroad(registered);
  await sleep(3000);
  await network.ip(
    'host',
    `address delete ${HOME.node}/64 dev lan1`,
    `address add ${HOME.nodeLinkLocal}/64 dev lan1 nodad`,
  );
  await node.fromAbroad({ ...registered, linkLocalCompatibility: true });
  await sleep(3000);
  await node.fromAbroad({ mobileRouter: false });
  await sleep(3000);
  record('without-l', { proxies: await proxies(network) });
  await solicit(network, HOME.node);
  await node.fromAbroad({ lifetime: 0 });
  await network.ip('host', `address delete ${HOME.nodeLinkLocal}/64 dev lan1`);
  await sleep(1000);

  await node.fromAbroad({ ...registered, linkLocalCompatibility: true });
  await sleep(4000);
  record('with-l', {
    proxies: await proxies(network),
    ping: await ping(network, 'host', `${HOME.nodeLinkLocal}%lan1`),
  });
  await solicit(network, HOME.nodeLinkLocal);

  // It returns home.
  await network.ip(
    'guest',
    `address add ${HOME.node}/64 dev lan2 nodad`,
    `address add ${HOME.behindNode}/128 dev lo`,
    `route add default via ${HOME.anchor} dev lan2`,
  );
  record('returns', { at: Date.now() });
  await node.fromHome({ lifetime: 0 });
  await sleep(2000);
  record('home', {
    proxies: await proxies(network),
    routes: await network.run('anchor', ['ip', '-6', 'route', 'show', 'proto', '135']),
    ping: await ping(network, 'host', HOME.node),
    behind: await ping(network, 'host', HOME.behindNode),
    neighbor: await network.run('host', ['ip', '-6', 'neigh', 'show', HOME.node]),
  });
  await network.ip('guest', `address delete ${HOME.node}/64 dev lan2`);
  await solicit(network, HOME.node);
  await solicit(network, HOME.nodeLinkLocal);

  // A binding that nobody refreshes.
  await node.fromAbroad({ ...registered, lifetime: 12 });
  await sleep(5000);
  record('short', { proxies: await proxies(network) });
  await sleep(10_000);
  record('expired', { proxies: await proxies(network) });

  // The home link goes down and comes back.
  await network.ip('anchor', `link set ${HOME.link} down`);
  await sleep(2000);
  await network.ip(
    'anchor',
    `link set ${HOME.link} up`,
    `address replace ${HOME.anchor}/64 dev ${HOME.link} nodad`,
  );
  await sleep(12_000);
  record('link-back', { proxies: await proxies(network), ping: await ping(network, 'host', HOME.router) });

  record('diff', { host: 'anchor', text: (await anchor.command('diff')).trim() });
  record('status', { text: await anchor.command('status') });
  await router.process!.stop();
  await sleep(1000);
  record('left', { proxies: await proxies(network) });
  await anchor.process!.stop();
});
