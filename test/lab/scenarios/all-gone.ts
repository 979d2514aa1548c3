/** All uplinks are gone for a while, in three ways, and one comes back. */
import { sleep } from '../inside/clock.ts';
import { MAIN, mainTopology } from '../inside/main-topology.ts';
import { scenario } from '../inside/scenario.ts';
import { Stage, UPLINKS, type Uplink, watching } from '../inside/stage.ts';

/** Milliseconds. */
const LONG = 20_000;
const SHORT = 4000;
const ADDRESSES = {
  lte: [
    `address add ${MAIN.lteCareOf}/64 dev lte nodad`,
    'route add default via 2001:db8:a::1 dev lte metric 1024',
  ],
  wifi: [
    `address add ${MAIN.wifiCareOf}/64 dev wifi nodad`,
    'route add default via 2001:db8:b::1 dev wifi metric 1025',
  ],
} as const;

scenario(watching(['lan', 'lte', 'wifi'], mainTopology({ capture: 160 })), async network => {
  const stage = await Stage.set(network);
  const carriers = async (up: boolean): Promise<void> => {
    for (const uplink of UPLINKS) await network.link(uplink).carrier('near', up);
  };
  const ways = {
    carrier: {
      go: () => carriers(false),
      come: (uplink: Uplink) => network.link(uplink).carrier('near', true),
    },
    /** The devices are there again before they have an address and a route. */
    address: {
      async go(gap: number) {
        await carriers(false);
        const gone = UPLINKS.map(uplink => `route delete default dev ${uplink}`);
        await network.ip(
          'router',
          ...gone,
          ...UPLINKS.map(uplink => `address flush dev ${uplink} scope global`),
        );
        await sleep(gap - 1000);
        await carriers(true);
      },
      come: (uplink: Uplink) => network.ip('router', ...ADDRESSES[uplink]),
    },
    silence: {
      async go() {
        for (const uplink of UPLINKS) await network.link(uplink).silence();
      },
      come: (uplink: Uplink) => network.link(uplink).restore(),
    },
  } as const;

  for (const [way, first, gap] of [
    ['carrier', 'lte', LONG],
    ['address', 'wifi', LONG],
    ['silence', 'wifi', LONG],
    ['carrier', 'wifi', SHORT],
    ['address', 'lte', SHORT],
    ['silence', 'lte', SHORT],
  ] as const) {
    const { go, come } = ways[way];
    await stage.event(`gone: ${way}`, () => go(gap), gap);
    await stage.event(`back: ${way}`, () => come(first), 1500);
    await stage.event(`other: ${way}`, () => come(first === 'lte' ? 'wifi' : 'lte'));
    await stage.settled('lte');
  }
  await stage.finish();
});
