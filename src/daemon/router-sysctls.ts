/** Makes the kernel a router, without losing the default routes that it has learnt as a host, and a proxy. */
import { readText } from '../host/file.ts';
import type { Helper } from '../host/helper.ts';

const ALL_FORWARDING = 'net/ipv6/conf/all/forwarding';
const ALL_PROXY = 'net/ipv6/conf/all/proxy_ndp';

/**
 * Turns IPv6 forwarding on if it is off. Linux then ignores Router Advertisements and forgets the routes from them
 * unless `accept_ra` is 2, so the devices that live by them are set to that before.
 * @param uplinks devices that must go on listening in any case
 * @param learnt devices with a default route, which the change would take from them
 * @returns what was changed, for the log
 */
export async function enableForwarding(
  helper: Helper,
  uplinks: readonly string[],
  learnt: readonly string[],
): Promise<string[]> {
  const isRouter = setting(ALL_FORWARDING) === 1;
  const listeners = new Set(isRouter ? uplinks : [...uplinks, ...learnt]);
  const changes = [...listeners]
    .map(device => `net/ipv6/conf/${device}/accept_ra`)
    .filter(name => setting(name) === 1)
    .map((name): [string, number] => [name, 2]);
  if (!isRouter) changes.push([ALL_FORWARDING, 1]);
  for (const [name, value] of changes) await helper.sysctl(name, value);
  return changes.map(([name, value]) => `${name} = ${value}`);
}

/**
 * Lets the kernel be a proxy for what it has entries for. The setting of one device would do for the answers to multicast
 * questions, but not, in many kernels, for those to the address itself and for what must not be forwarded.
 * @returns what was changed, for the log
 */
export async function enableProxy(helper: Helper): Promise<string[]> {
  if (setting(ALL_PROXY) === 1) return [];
  await helper.sysctl(ALL_PROXY, 1);
  return [`${ALL_PROXY} = 1`];
}

function setting(name: string): number | undefined {
  const text = readText(`/proc/sys/${name}`);
  return text.ok ? Number(text.value) : undefined;
}
