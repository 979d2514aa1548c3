/** Makes the kernel a router, without losing the default routes that it has learnt as a host, and a proxy. */
import { readText } from '../host/file.ts';
import type { Helper } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import type { Config } from '../uci/types.ts';
import { uplinksOf } from './interfaces.ts';

const deviceForwarding = (device: string): string => `net/ipv6/conf/${device}/forwarding`;
const ALL_FORWARDING = 'net/ipv6/conf/all/forwarding';
const ALL_PROXY = 'net/ipv6/conf/all/proxy_ndp';

type Setting = readonly [name: string, value: number];

/** Sets what a configuration needs. What was set, or could not be, is in the log. */
export class RouterSysctls {
  readonly #helper: Helper;
  readonly #log: LogSink;
  #forwards = false;
  #isProxy = false;
  /** One after the other: the setting of all devices changes that of each. */
  #latest = Promise.resolve();
  /** Devices on foreign links, with the index that they had when they were set. */
  readonly #abroad = new Map<string, number>();

  constructor(helper: Helper, log: LogSink) {
    this.#helper = helper;
    this.#log = log;
  }

  enable({ mobileRouters, homeAgent }: Config, view: KernelView): void {
    if (!this.#forwards && (mobileRouters.length > 0 || homeAgent !== undefined)) {
      this.#forwards = true;
      const uplinks = uplinksOf(mobileRouters).map(({ device }) => device);
      this.#set(
        () => forwardingSettings(uplinks.filter(Boolean), learntFrom(view)),
        'this host is a router now',
        'cannot turn IPv6 forwarding on',
      );
    }
    if (!this.#isProxy && homeAgent?.homeLink !== undefined) {
      this.#isProxy = true;
      this.#set(proxySettings, 'home addresses are defended', 'home addresses are not defended');
    }
  }

  /**
   * The kernel forwards by the setting of all devices; by that of one it is a router on its link: it joins the All Routers
   * group, and says so in Neighbor Advertisements. On foreign links a mobile router is none (RFC 3963 §5.7).
   * @param uplinks devices, and whether they are on foreign links; undefined: not known, so nothing changes
   */
  place(uplinks: ReadonlyMap<string, boolean | undefined>, view: KernelView): void {
    for (const [device, isAbroad] of uplinks) {
      const index = view.linkNamed(device)?.index;
      if (!isAbroad || index === undefined || this.#abroad.get(device) === index) continue;
      this.#abroad.set(device, index);
      this.#set(
        () => hostSettings(device),
        'no router on a foreign link',
        `a router on the link of ${device}`,
      );
    }
    for (const device of this.#abroad.keys()) {
      if (uplinks.has(device) && uplinks.get(device) !== false) continue;
      this.#abroad.delete(device);
      if (view.linkNamed(device) === undefined) continue;
      this.#set(() => routerSettings(device), 'a router there', `no router on the link of ${device}`);
    }
  }

  #set(wanted: () => readonly Setting[], done: string, failed: string): void {
    this.#latest = this.#latest.then(() => this.#write(wanted(), done, failed));
  }

  async #write(settings: readonly Setting[], done: string, failed: string): Promise<void> {
    try {
      for (const [name, value] of settings) await this.#helper.sysctl(name, value);
    } catch (error) {
      this.#log('error', `${failed}: ${(error as Error).message}`);
      return;
    }
    for (const [name, value] of settings) this.#log('notice', `set ${name} = ${value}: ${done}`);
  }
}

/** Devices with a default route, which forwarding would take from them. */
const learntFrom = (view: KernelView): string[] =>
  [...view.routes].flatMap(route => route.nextHops.flatMap(hop => view.link(hop.link)?.name ?? []));

/**
 * IPv6 forwarding, if it is off. Linux then ignores Router Advertisements and forgets the routes from them unless
 * `accept_ra` is 2, so the devices that live by them are set to that before.
 * @param uplinks devices that must go on listening in any case
 */
function forwardingSettings(uplinks: readonly string[], learnt: readonly string[]): Setting[] {
  const isRouter = setting(ALL_FORWARDING) === 1;
  const listeners = new Set(isRouter ? uplinks : [...uplinks, ...learnt]);
  const settings = [...listeners]
    .map(device => `net/ipv6/conf/${device}/accept_ra`)
    .filter(name => setting(name) === 1)
    .map((name): Setting => [name, 2]);
  return isRouter ? settings : [...settings, [ALL_FORWARDING, 1]];
}

/**
 * The kernel is a proxy for what it has entries for. The setting of one device would do for the answers to multicast
 * questions, but not, in many kernels, for those to the address itself and for what must not be forwarded.
 */
const proxySettings = (): Setting[] => (setting(ALL_PROXY) === 1 ? [] : [[ALL_PROXY, 1]]);

const hostSettings = (device: string): Setting[] =>
  setting(deviceForwarding(device)) === 0 ? [] : [[deviceForwarding(device), 0]];

/** A router goes on listening to Router Advertisements only where `accept_ra` is 2. */
function routerSettings(device: string): Setting[] {
  const listening = forwardingSettings([device], []);
  return setting(deviceForwarding(device)) === 1 ? listening : [...listening, [deviceForwarding(device), 1]];
}

function setting(name: string): number | undefined {
  const text = readText(`/proc/sys/${name}`);
  return text.ok ? Number(text.value) : undefined;
}
