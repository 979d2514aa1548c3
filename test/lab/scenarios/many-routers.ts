/**
 * Many mobile routers, each in a host of its own with one uplink, on one access network, and one anchor:
 *
 *   mr0 .. mrN --- access --20 ms-- core -- anchor
 *                                    +----- peer
 *
 * Half of them register first, then the others; then the anchor is killed and started again, and at last it is
 * killed and finds no journal any more.
 */
import * as std from 'std';
import { now, sleep, waitFor } from '../inside/clock.ts';
import { anchorText, type PeerPlan, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import type { Network, NetworkPlan } from '../inside/network.ts';
import { CHECKOUT, LABTOOL, must, type Process, RESULTS } from '../inside/process.ts';
import { deviceOctets } from '../inside/procfs.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Echo, startServers } from '../inside/traffic.ts';

const { routers } = parameters<{ routers: number }>();
/** Routers with an echo stream over the tunnel. */
const WATCHED = 5;
/** Milliseconds. */
const ECHO_INTERVAL = 20;
const RESPAWN = 1000;
/** For all to be registered. */
const LIMIT = 60_000;
/** Until the last answers have come, and what is surplus has gone. */
const SETTLE = 2000;
const ANCHOR = '2001:db8:1::2';
const PEER = '2001:db8:2::2';

const all = Array.from({ length: routers }, (_, i) => i);
const half = Math.floor(routers / 2);
const homeAddress = (i: number): string => `2001:db8:100::${(0x1000 + i).toString(16)}`;
const mobileNetwork = (i: number): string => `2001:db8:180:${i.toString(16)}::/64`;
const careOfAddress = (i: number): string => `2001:db8:a::${(0x1000 + i).toString(16)}`;

const core = (host: string, net: string) => ({
  near: { host, addresses: [`2001:db8:${net}::2/64`], gateway: `2001:db8:${net}::1` },
  far: { host: 'core', addresses: [`2001:db8:${net}::1/64`] },
  capture: false as const,
});

const plan: NetworkPlan = {
  hosts: {
    access: { forwarding: true },
    core: {
      forwarding: true,
      routes: [`2001:db8:100::/40 via ${ANCHOR}`, '2001:db8:a::/64 via 2001:db8:ca::2'],
    },
    anchor: { forwarding: true },
    peer: {},
  },
  links: {
    uplink: { ...core('access', 'ca'), delay: 20 },
    home: core('anchor', '1'),
    peer: core('peer', '2'),
  },
};

const peer = (i: number): PeerPlan => ({
  name: `mr${i}`,
  homeAddress: homeAddress(i),
  prefixes: [mobileNetwork(i)],
});
const routerConfig = (i: number): string =>
  routerText({ ...peer(i), homeAgents: [ANCHOR], uplinks: ['wan'], probe: 'saver' });
const anchorConfig = (): string => anchorText({ address: ANCHOR, peers: all.map(peer), probe: 'saver' });

/** Hosts and their uplinks, all on one bridge. */
async function makeRouters(network: Network): Promise<void> {
  await must(['ip', '-batch', '-'], all.map(i => `netns add mr${i}\n`).join(''));
  await must([
    LABTOOL,
    'sysctl',
    // One table for the neighbours of all hosts; 1024 are not enough.
    'net/ipv6/neigh/default/gc_thresh3=16384',
    'net/ipv6/neigh/default/gc_thresh2=16384',
    ...all.flatMap(i => [
      `@mr${i}`,
      'net/ipv6/conf/default/accept_dad=0',
      'net/ipv6/conf/default/router_solicitations=0',
    ]),
  ]);
  await network.ip(
    'access',
    'link add br0 type bridge stp_state 0 forward_delay 0 mcast_snooping 0',
    'address add 2001:db8:a::1/64 dev br0 nodad',
    'link set br0 up',
    ...all.flatMap(i => [
      `link add w${i} master br0 up type veth peer name wan netns mr${i}`,
      // Not a packet from one to all others: customers of an access network do not see each other either.
      `link set w${i} type bridge_slave isolated on`,
    ]),
  );
  await forEach(
    network,
    0,
    routers,
    i => `ip -6 -n mr${i} -batch - <<'END'
link set lo up
link set wan up
address add ${careOfAddress(i)}/64 dev wan nodad
route add default via 2001:db8:a::1 dev wan
END`,
  ).exited;
}

function watch(network: Network, i: number): Echo {
  const options = { interval: ECHO_INTERVAL, source: homeAddress(i) };
  return new Echo(network, `mr${i}`, PEER, options, `echo-${i}`);
}

/** Runs a line of shell for each of these routers, in one shell: the lab has only so many descriptors. */
function forEach(network: Network, from: number, to: number, line: (i: number) => string): Process {
  const script = all.slice(from, to).map(line).join('\n');
  return network.start('access', `routers-${from}`, ['sh', '-c', `${script}\nwait`]);
}

/** How kedged is started for a router, in its host. */
function kedged(i: number, options: string, words: string): string {
  const run = `--run-dir /run/mr${i}`;
  const script = `--qjs ${CHECKOUT}/build/qjs --script ${CHECKOUT}/dist/kedge.js`;
  return `${LABTOOL} in mr${i} ${CHECKOUT}/dist/kedged ${options} ${script} ${run} -- ${run} ${words}`;
}

/** Starts the daemons with these numbers. */
function start(network: Network, from: number, to: number): void {
  for (const i of all.slice(from, to)) {
    const file = std.open(`/run/mr${i}.uci`, 'w')!;
    file.puts(routerConfig(i));
    file.close();
  }
  const log = `>>${RESULTS}/routers.log 2>&1`;
  forEach(network, from, to, i => `${kedged(i, '', `--config /run/mr${i}.uci daemon`)} ${log} &`);
}

interface AnchorStatus {
  readonly homeAgent: {
    readonly nodes: readonly { readonly active: { readonly bid: number | null } }[];
  };
}

scenario(plan, async network => {
  await makeRouters(network);
  await startServers(network, 'peer');
  const anchor = new Kedge(network, 'anchor', anchorConfig());
  /** The namespace is that of the helper; to look costs no process. */
  const tunnels = (): number =>
    [...deviceOctets(anchor.process!.pid).keys()].filter(name => name.startsWith('kdg-')).length;
  /** In the anchor's log, which goes on when it is started again. */
  const registrations = (): number => anchor.log().split(' registered for ').length - 1;
  const measure = async (what: string, begin: number, reached: () => boolean): Promise<void> => {
    await waitFor(reached, LIMIT, 20);
    await anchor.until(() => true);
    const after = now() - begin;
    const { nodes } = (await anchor.status<AnchorStatus>()).homeAgent;
    const count = nodes.filter(({ active }) => active.bid !== null).length;
    record('registered', { what, after, count, tunnels: tunnels(), memory: anchor.memory() });
  };

  const echoes: Echo[] = [];

  anchor.start();
  await measure('none', now(), () => true);
  for (const [what, from, to] of [
    ['half', 0, half],
    ['all', half, routers],
  ] as const) {
    start(network, from, to);
    await measure(what, now(), () => registrations() === to);
    // Their acknowledgements are on the way.
    await sleep(SETTLE);
    if (what === 'half') echoes.push(...all.slice(0, WATCHED).map(i => watch(network, i)));
  }

  await anchor.kill();
  await sleep(RESPAWN);
  anchor.start();
  await measure('restart', now(), () => true);
  await sleep(SETTLE);
  for (const echo of echoes) record('echo', { report: await echo.stop() });

  await anchor.kill();
  await must(['rm', `${anchor.runDirectory}/journal`]);
  await sleep(RESPAWN);
  anchor.start();
  await measure('forgotten', now(), () => registrations() === 2 * routers);
  await sleep(SETTLE);
  record('diff', { host: 'anchor', text: (await anchor.command('diff')).trim() });
  for (const i of all.slice(0, WATCHED)) {
    record('diff', { host: `mr${i}`, text: (await must(kedged(i, '--cli', 'diff').split(/ +/))).trim() });
  }
});
