/** Counts what the paths carry: asks the kernel now and then what it has counted for their devices. */
import type { Octets, PathOctets } from '../engine/types.ts';
import { now } from '../host/clock.ts';
import type { Helper } from '../host/helper.ts';
import { Timer } from '../host/timer.ts';
import { NetlinkClient } from '../netlink/client.ts';
import { parseStatistics, statisticsRequest } from '../netlink/link-statistics.ts';
import type { Address } from '../wire/address.ts';

/** A path and the names of its devices. */
export interface CountedPath {
  readonly homeAddress: Address;
  readonly bid: number;
  readonly tunnel: string;
  readonly access?: string;
}

/** ms between two counts, and at least so many for each path: an anchor with thousands of them counts less often. */
const INTERVAL = 5000;
const INTERVAL_PER_PATH = 10;

/**
 * @param others devices that are counted whether or not they are part of a path
 * @param indexOf the device of that name
 * @param counted gets all that could be counted
 */
export function countTraffic(
  helper: Helper,
  paths: () => readonly CountedPath[],
  others: () => readonly string[],
  indexOf: (device: string) => number | undefined,
  counted: (paths: readonly PathOctets[], octetsOf: (device: string) => Octets | undefined) => void,
): void {
  let readings = new Map<number, Octets>();
  const client = new NetlinkClient(datagram => socket.send(datagram), {
    notification: message => {
      const found = parseStatistics(message);
      if (found !== undefined) readings.set(found.index, found);
    },
    overrun() {},
  });
  // A socket of its own: a failover must not wait for answers about statistics.
  const socket = helper.open(
    { kind: 'netlink-route', groups: 0 },
    {
      received: message => client.receive(message.bytes),
      failed: () => client.overrun(),
      lost: () => client.overrun(),
    },
  );
  const read = (device: string | undefined): Octets | undefined => {
    const index = device === undefined ? undefined : indexOf(device);
    return index === undefined ? undefined : readings.get(index);
  };
  const timer = new Timer(async () => {
    const wanted = paths();
    const devices = wanted.flatMap(({ tunnel, access }) =>
      access === undefined ? [tunnel] : [tunnel, access],
    );
    const indexes = new Set([...devices, ...others()].flatMap(device => indexOf(device) ?? []));
    readings = new Map();
    await client.batch([...indexes].map(statisticsRequest));
    if (readings.size > 0) {
      counted(
        wanted.map(({ homeAddress, bid, tunnel, access }) => ({
          homeAddress,
          bid,
          tunnel: read(tunnel),
          access: read(access),
        })),
        read,
      );
    }
    wait(wanted.length);
  });
  const wait = (count: number): void =>
    timer.set(now().monotonic + Math.max(INTERVAL, count * INTERVAL_PER_PATH));
  wait(0);
}
