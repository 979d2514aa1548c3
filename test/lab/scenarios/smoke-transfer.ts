/** 20 MB of TCP through an ip6tnl over an uplink of 50 Mbit/s. */
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { record, scenario } from '../inside/scenario.ts';
import { startServers, Transfer } from '../inside/traffic.ts';

scenario(mainTopology({ lte: { rate: '50mbit', limit: 200 }, capture: 128 }), async network => {
  await startServers(network, 'peer');
  const tunnel = 'type ip6tnl mode any encaplimit none';
  await network.ip(
    'router',
    `link add home ${tunnel} local ${MAIN.lteCareOf} remote ${MAIN.anchor}`,
    'link set home up',
    `rule add from ${MAIN.mobileNetworkPrefix} priority 100 lookup 100`,
    'route add default dev home table 100',
    `rule add to ${MAIN.mobileNetworkPrefix} priority 90 lookup main`,
  );
  await network.ip(
    'anchor',
    `link add mr ${tunnel} local ${MAIN.anchor} remote ${MAIN.lteCareOf}`,
    'link set mr up',
    `route add ${MAIN.mobileNetworkPrefix} dev mr`,
  );
  const transfer = new Transfer(network, 'lan', MAIN.peer, { bytes: 20_000_000 });
  record('transfer', { report: await transfer.result() });
});
