/**
 * A router with two home addresses goes through the configurations of draft-ietf-monami6-mipv6-analysis-01 §4: at both
 * homes, at one, at none; with no, one and two foreign links; and each home address is redirected to another interface
 * and back.
 */
import { sleep } from '../inside/clock.ts';
import { Kedge } from '../inside/kedge.ts';
import { MAIN } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { compare, event, type RouterStatus, watching } from '../inside/stage.ts';
import { Echo, startServers, Transfer } from '../inside/traffic.ts';
import { buildDocks, HOMES, homeAgentText, twoDocks, twoHomesText } from '../inside/two-docks.ts';

/** Milliseconds: between echoes, and that all is calm before a look. */
const INTERVAL = 20;
const CALM = 1000;
/** Bits a second. */
const RATE = 500_000;

type Reports = RouterStatus & { readonly otherMobileRouters: readonly RouterStatus['mobileRouter'][] };

scenario(watching(['lte', 'wifi', 'dock1', 'dock2'], twoDocks()), async network => {
  const carrier = (link: string, up: boolean) => network.link(link).carrier('near', up);
  await buildDocks(network);
  for (const link of ['lte', 'wifi']) await carrier(link, false);
  for (const host of ['peer', 'lan', 'guest']) await startServers(network, host);
  const anchors = HOMES.map(home => new Kedge(network, home.anchorHost, homeAgentText(home)));
  const router = new Kedge(network, 'router', twoHomesText());
  for (const daemon of [...anchors, router]) daemon.start();

  /** Until the active uplinks are these, and those that are named with a `+` alive beside them. */
  const settled = (van: string, bus: string): Promise<void> =>
    router.until<Reports>(({ mobileRouter, otherMobileRouters: [other] }) => {
      const isAs = (wanted: string, { active, uplinks }: RouterStatus['mobileRouter']) => {
        const [first, ...beside] = wanted.split('+');
        const isAlive = (name: string) =>
          uplinks.find(uplink => uplink.name === name)!.path?.state === 'alive';
        return active.uplink === first && beside.every(isAlive);
      };
      return isAs(van, mobileRouter) && isAs(bus, other!);
    }, 30_000);
  async function look(what: string): Promise<void> {
    await sleep(CALM);
    const time = Date.now();
    const { mobileRouter, otherMobileRouters } = await router.status<Reports>();
    record('look', {
      what,
      time,
      states: [mobileRouter, ...otherMobileRouters].map(({ uplinks }) =>
        uplinks.map(({ name, state }) => `${name} ${state}`),
      ),
      bindings: [await anchors[0]!.command('bindings'), await anchors[1]!.command('bindings')],
      addresses: await network.run('router', ['ip', '-6', '-br', 'address']),
    });
  }
  /** Something happens, and then the uplinks in use are these. */
  const change = (what: string, act: () => Promise<unknown>, van: string, bus: string): Promise<void> =>
    event(what, async () => {
      await act();
      await settled(van, bus);
    });

  await settled('dock1', 'dock2');
  const echoes = [
    ['van', new Echo(network, 'lan', MAIN.peer, { interval: INTERVAL })],
    ['bus', new Echo(network, 'guest', MAIN.peer, { interval: INTERVAL })],
  ] as const;
  for (const [, echo] of echoes) await echo.first();
  const transfers = [
    ['van', new Transfer(network, 'lan', MAIN.peer, { rate: RATE })],
    ['bus', new Transfer(network, 'guest', MAIN.peer, { rate: RATE })],
  ] as const;

  await look('(n,0)');
  await change('dock1 fails', () => carrier('dock1', false), 'via_bus+via_bus', 'dock2');
  await look('(n,0) redirected');
  const fresh = new Echo(network, 'peer', MAIN.lanHost, { interval: INTERVAL, count: 50 }, 'echo-fresh');
  record('echo fresh', { report: await fresh.result() });
  await change('dock1 is back', () => carrier('dock1', true), 'dock1', 'dock2');
  await look('(n,0) again');
  await change('dock2 fails', () => carrier('dock2', false), 'dock1', 'via_van+via_van');
  await look('(n,0) the other way');
  await change('dock2 is back', () => carrier('dock2', true), 'dock1', 'dock2');

  await change('a foreign link', () => carrier('lte', true), 'dock1', 'dock2');
  await change('dock1 fails', () => carrier('dock1', false), 'lte+lte+via_bus', 'dock2');
  await look('(n,1)');
  await change('lte fails', () => carrier('lte', false), 'via_bus', 'dock2');
  await look('(n,1) its care-of address fails');
  await change('lte is back', () => carrier('lte', true), 'lte+lte+via_bus', 'dock2');

  await change('another foreign link', () => carrier('wifi', true), 'lte+wifi+via_bus', 'dock2');
  await look('(n,n)');
  await change('dock2 fails', () => carrier('dock2', false), 'lte+lte+wifi', 'lte+lte+wifi+via_van');
  await look('(n,n) no home');
  await change(
    'lte moves',
    () => moves('2001:db8:a::3', '2001:db8:a::2'),
    'lte+lte+wifi',
    'lte+lte+wifi+via_van',
  );
  await look('(n,n) moved');
  await change('dock1 is back', () => carrier('dock1', true), 'dock1', 'lte+lte+wifi+via_van');
  await change('dock2 is back', () => carrier('dock2', true), 'dock1', 'dock2');
  await look('home');

  for (const [name, echo] of echoes) record(`echo ${name}`, { report: await echo.stop() });
  for (const [name, transfer] of transfers) record(`transfer ${name}`, { report: await transfer.stop() });
  for (const { anchorHost } of HOMES) {
    const counters = await network.run(anchorHost, ['nft', 'list', 'counters', 'table', 'ip6', 'ingress']);
    record('foreign', { host: anchorHost, packets: Number(/packets (\d+)/.exec(counters)![1]) });
  }
  await compare([router, ...anchors]);
  for (const daemon of [router, ...anchors]) await daemon.process!.stop();

  /** The access network gives another address in place of the one before. */
  async function moves(to: string, from: string): Promise<void> {
    await network.ip('router', `address add ${to}/64 dev lte nodad`, `address delete ${from}/64 dev lte`);
  }
});
