/** Makes the kernel a router, without losing the default routes that it has learnt as a host. */
import { readText } from '../host/file.ts';
import type { Helper } from '../host/helper.ts';

const ALL_FORWARDING = 'net/ipv6/conf/all/forwarding';

/**
 * Turns IPv6 forwarding on if it is off. Linux then ignores Router Advertisements and forgets the routes from them
 * unless `accept_ra` is 2, so every device that listens to them is set to that before.
 * @param devices names of the devices that may have learnt a default route
 * @returns what was changed, for the log
 */
export async function enableForwarding(helper: Helper, devices: readonly string[]): Promise<string[]> {
  const changes: [string, number][] = [];
  const isRouter = setting(ALL_FORWARDING) === 1;
  for (const device of devices) {
    const name = `net/ipv6/conf/${device}/accept_ra`;
    if (setting(name) === 1) changes.push([name, 2]);
  }
  if (!isRouter) changes.push([ALL_FORWARDING, 1]);
  for (const [name, value] of changes) await helper.sysctl(name, value);
  return changes.map(([name, value]) => `${name} = ${value}`);
}

function setting(name: string): number | undefined {
  const text = readText(`/proc/sys/${name}`);
  return text.ok ? Number(text.value) : undefined;
}
