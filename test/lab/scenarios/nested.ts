/**
 * A host three mobile networks deep and a mobile node in one of them keep their sessions while routers above them lose
 * uplinks; then the outermost loses all, and all lose all.
 */
import { anyMobility, icmpv6, inject } from '../inside/attacker.ts';
import { sleep } from '../inside/clock.ts';
import { anchorText, type RouterPlan, routerText } from '../inside/configuration.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import { nest, nestedTopology, SEAT_ADDRESS, SECOND_ANCHOR } from '../inside/nested-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { compare, event, settled, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';

const { apart } = parameters<{ apart: boolean }>();
const plan = nest(apart);
const UPLINK = { rate: '20mbit', limit: 200 };
const WATCHED = ['lan', 'lte', 'wifi', 'visited', 'deep', 'seat', 'home', 'second', 'peer'];
/** Test Inits and Binding Update; Tests, Binding Refresh Request and Binding Acknowledgement. */
const TO_CORRESPONDENT = [1, 2, 5];
const FROM_CORRESPONDENT = [0, 3, 4, 6];
/** Home Agent Address Discovery and Mobile Prefix Discovery. */
const TO_HOME_AGENT = [144, 146];
const FROM_HOME_AGENT = [145, 147];
/** Milliseconds between echoes. */
const INTERVAL = 20;
/** Milliseconds that a cut lasts. */
const CUT = 3000;

scenario(
  watching(WATCHED, nestedTopology(plan, { lte: UPLINK, wifi: UPLINK, capture: 240 })),
  async network => {
    const routers: readonly RouterPlan[] = [plan.outer, plan.middle, plan.inner, plan.node];
    const anchorOf = (host: string, address: string): Kedge => {
      const peers = routers.filter(router => router.homeAgents.includes(address));
      return new Kedge(network, host, anchorText({ address, peers }));
    };
    const anchors = [anchorOf('anchor', MAIN.anchor), ...(apart ? [anchorOf('second', SECOND_ANCHOR)] : [])];
    const outer = new Kedge(network, 'router', routerText(plan.outer));
    const middle = new Kedge(network, 'middle', routerText(plan.middle));
    const inner = new Kedge(network, 'inner', routerText(plan.inner));
    const node = new Kedge(network, 'node', routerText(plan.node));
    const allSettled = async (): Promise<void> => {
      await settled(outer, 'lte');
      await settled(middle, 'visited', 40_000);
      await settled(inner, 'deep', 40_000);
      await settled(node, 'seat', 40_000);
      await sleep(500);
    };
    for (const host of ['peer', 'guest']) await startServers(network, host);
    // From outside to inside: before its own kedge runs, a router is as any other.
    for (const daemon of [...anchors, outer]) daemon.start();
    await settled(outer, 'lte');
    middle.start();
    await settled(middle, 'visited');
    for (const daemon of [inner, node]) daemon.start();
    await allSettled();

    // Full-size segments first: later the routes know what fits.
    for (const [name, host, to] of [
      ['up', 'guest', MAIN.peer],
      ['down', 'peer', plan.guest],
    ] as const) {
      const transfer = new Transfer(network, host, to, { bytes: 400_000 }, `transfer-${name}`);
      record('transfer', { name, report: await transfer.result() });
    }

    const echoes = [
      ['guest', new Echo(network, 'guest', MAIN.peer, { interval: INTERVAL })],
      ['to-guest', new Echo(network, 'peer', plan.guest, { interval: INTERVAL })],
      ['node', new Echo(network, 'node', MAIN.peer, { interval: INTERVAL, source: plan.node.homeAddress })],
      ['lan', new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL })],
    ] as const;
    for (const [, echo] of echoes) await echo.first();
    const ping = (host: string, to: string, source: string): Promise<string> =>
      network.run(host, ['ping', '-c', '2', '-i', '0.2', '-I', source, to]);
    const { homeAddress: nodeHome, homeAgents } = plan.node;
    await ping('guest', MAIN.anchor, plan.guest);
    await ping('node', homeAgents[0]!, nodeHome);
    await ping('middle', plan.middle.homeAgents[0]!, plan.middle.homeAddress);
    await ping(apart ? 'second' : 'anchor', nodeHome, homeAgents[0]!);
    await ping('peer', plan.inner.homeAddress, MAIN.peer);

    // What others say to each other passes, whatever it is: with a correspondent in the outer network, and a visitor's.
    const [careOf, theirs] = [SEAT_ADDRESS, homeAgents[0]!];
    const discovery = (source: string, destination: string, types: readonly number[]) =>
      types.map(type => icmpv6(source, destination, type, [0, 7, 0, 0]));
    const mobility = (source: string, destination: string, types: readonly number[]) =>
      types.map(type => anyMobility(source, destination, type));
    await inject(network, 'peer', mobility(MAIN.peer, MAIN.lanHost, TO_CORRESPONDENT));
    await inject(network, 'lan', mobility(MAIN.lanHost, MAIN.peer, FROM_CORRESPONDENT));
    await inject(network, 'node', [
      ...discovery(careOf, theirs, TO_HOME_AGENT),
      ...mobility(careOf, MAIN.peer, TO_CORRESPONDENT),
    ]);
    await inject(network, apart ? 'second' : 'anchor', discovery(theirs, careOf, FROM_HOME_AGENT));
    await inject(network, 'peer', mobility(MAIN.peer, careOf, FROM_CORRESPONDENT));
    await sleep(500);

    const carrier = (link: string, up: boolean) => () => network.link(link).carrier('near', up);
    await event('carrier lte', carrier('lte', false));
    await event('return lte', carrier('lte', true));
    await allSettled();
    await event('silence lte', () => network.link('lte').silence(), 1500);
    await event('return lte', () => network.link('lte').restore(), 1500);
    await allSettled();
    await event('carrier visited', carrier('visited', false));
    await event('return visited', carrier('visited', true), 1500);
    await allSettled();

    // The outer router has nothing left: what is in its network and nowhere else is cut off, the others live on.
    await event(
      'cut of the outer',
      async () => {
        for (const uplink of ['lte', 'wifi']) await carrier(uplink, false)();
      },
      CUT,
    );
    await event('cut of all', carrier('cell', false), CUT);
    await event(
      'return of all',
      async () => {
        for (const uplink of ['cell', 'lte', 'wifi']) await carrier(uplink, true)();
      },
      8000,
    );
    await allSettled();
    for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
    await compare([...anchors, outer, middle, inner, node]);
  },
);
