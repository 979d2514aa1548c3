/** Pings of and from the home address, and ICMPv6 errors of all kinds about what is in the tunnel and what comes out of it. */
import { datagram, inject } from '../inside/attacker.ts';
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Stage, watching } from '../inside/stage.ts';

const { homeAddress } = parameters<{ homeAddress: string }>();
/** Octets that a tunnel packet of them does not fit into the shrunk access link. */
const LARGE = new Array<number>(1390).fill(0);
const SHRUNK = 1400;
const CLOSED = 4000;

scenario(watching(['lan', 'peer'], mainTopology({ capture: 200 })), async network => {
  const stage = await Stage.set(network, { homeAddress });
  const ping = async (from: string, source: string, to: string): Promise<void> => {
    const text = await network.run(from, ['ping', '-c', '3', '-i', '0.1', '-I', source, to]);
    record('ping', { from, source, to, received: Number(/(\d+) received/.exec(text)?.[1]) });
  };
  const pings = async (): Promise<void> => {
    for (const own of [homeAddress, MAIN.lanRouter]) {
      await ping('router', own, MAIN.peer);
      await ping('peer', MAIN.peer, own);
    }
    await ping('anchor', MAIN.anchor, homeAddress);
    await ping('lan', MAIN.lanHost, MAIN.anchor);
  };
  await pings();
  await stage.event('carrier lte', () => network.link('lte').carrier('near', false));
  await pings();
  await stage.event('return lte', () => network.link('lte').carrier('near', true));
  await stage.settled('lte');

  const both = (port: number, data: readonly number[] = []): Uint8Array[] =>
    [homeAddress, MAIN.lanHost].map(to => datagram(MAIN.peer, to, port, data));
  // A host of the mobile network, and the router itself, have nobody at that port.
  await inject(network, 'peer', both(CLOSED));
  await sleep(200);

  // The access router cannot send what is in the tunnel on: too big, then without a way. It is over before kedge notices.
  await network.ip('lte-gw', `link set lte mtu ${SHRUNK}`);
  await inject(network, 'peer', both(CLOSED + 1, LARGE));
  await sleep(80);
  await network.ip('lte-gw', 'link set lte mtu 1500');
  await sleep(500);
  await network.ip('lte-gw', `route add unreachable ${MAIN.lteCareOf}/128`);
  await inject(network, 'peer', both(CLOSED + 2));
  await sleep(80);
  await network.ip('lte-gw', `route delete unreachable ${MAIN.lteCareOf}/128`);
  await sleep(1000);

  // The same from the other side: the access router has no way to the home agent.
  await network.ip('lte-gw', `route add unreachable ${MAIN.anchor}/128`);
  await inject(network, 'lan', [datagram(MAIN.lanHost, MAIN.peer, CLOSED + 3)]);
  await sleep(80);
  await network.ip('lte-gw', `route delete unreachable ${MAIN.anchor}/128`);
  await stage.settled('lte', 1000);
  await stage.finish();
});
