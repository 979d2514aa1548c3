/** In real time, for whoever measures the processor's time between the records: what forwarding a packet costs with few and with many rules, by turns. */
import { parameters, record, scenario } from '../inside/scenario.ts';
import { Echo, startServers } from '../inside/traffic.ts';

interface Parameters {
  /** nftables texts. */
  readonly rulesets: readonly string[];
  readonly rounds: number;
  readonly packets: number;
}

const RIGHT = '2001:db8:2::2';

scenario(
  {
    hosts: { left: {}, middle: { forwarding: true }, right: {} },
    links: {
      left: {
        near: { host: 'left', addresses: ['2001:db8:1::2/64'], gateway: '2001:db8:1::1' },
        far: { host: 'middle', addresses: ['2001:db8:1::1/64'] },
        capture: false,
      },
      right: {
        near: { host: 'right', addresses: [`${RIGHT}/64`], gateway: '2001:db8:2::1' },
        far: { host: 'middle', addresses: ['2001:db8:2::1/64'] },
        capture: false,
      },
    },
  },
  async network => {
    const { rulesets, rounds, packets } = parameters<Parameters>();
    await startServers(network, 'right');
    const run = (name: string) => {
      const options = { flows: 20, from: 30_000, interval: 0.001, settle: 0, count: packets };
      return new Echo(network, 'left', RIGHT, options, name).result();
    };
    for (let round = 0; round < rounds; round++) {
      for (const [at, text] of rulesets.entries()) {
        await network.run('middle', ['nft', '-f', '-'], text);
        record('begin', { ruleset: at });
        await run(`echo-${round}-${at}`);
        record('end', { ruleset: at });
      }
    }
  },
);
