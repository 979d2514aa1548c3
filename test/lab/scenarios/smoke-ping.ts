/** Two hosts, 20 ms there and 30 ms back: the round trip takes exactly 50 ms of virtual time. */
import { record, scenario } from '../inside/scenario.ts';
import { Echo, startServers } from '../inside/traffic.ts';

scenario(
  {
    hosts: { left: {}, right: {} },
    links: {
      wire: {
        near: { host: 'left', addresses: ['2001:db8::1/64'] },
        far: { host: 'right', addresses: ['2001:db8::2/64'] },
        toFar: { delay: 20 },
        toNear: { delay: 30 },
      },
    },
  },
  async network => {
    await startServers(network, 'right');
    // Neighbour discovery first, so that no echo waits for it.
    await network.run('left', ['ping', '-c', '1', '2001:db8::2']);
    const ping = await network.run('left', ['ping', '-c', '5', '-i', '0.2', '2001:db8::2']);
    record('ping', { rtts: [...ping.matchAll(/time=([0-9.]+)/g)].map(match => Number(match[1])) });
    record('echo', { report: await new Echo(network, 'left', '2001:db8::2', { count: 100 }).result() });
  },
);
