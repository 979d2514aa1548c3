/** Makes the kernel a router, without losing the default routes that it has learnt as a host, and a proxy. */
import { readText } from '../host/file.ts';
import type { Helper } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import type { Config } from '../uci/types.ts';
import { uplinksOf } from './interfaces.ts';

const ALL_FORWARDING = 'net/ipv6/conf/all/forwarding';
const ALL_PROXY = 'net/ipv6/conf/all/proxy_ndp';

type Setting = readonly [name: string, value: number];

/** Sets what a configuration needs, once in the life of the daemon. What was set, or could not be, is in the log. */
export class RouterSysctls {
  readonly #helper: Helper;
  readonly #log: LogSink;
  #forwards = false;
  #isProxy = false;

  constructor(helper: Helper, log: LogSink) {
    this.#helper = helper;
    this.#log = log;
  }

  enable({ mobileRouters, homeAgent }: Config, view: KernelView): void {
    if (!this.#forwards && (mobileRouters.length > 0 || homeAgent !== undefined)) {
      this.#forwards = true;
      const uplinks = uplinksOf(mobileRouters).map(({ device }) => device);
      this.#set(
        forwardingSettings(uplinks.filter(Boolean), learntFrom(view)),
        'this host is a router now',
        'cannot turn IPv6 forwarding on',
      );
    }
    if (!this.#isProxy && homeAgent?.homeLink !== undefined) {
      this.#isProxy = true;
      this.#set(proxySettings(), 'home addresses are defended', 'home addresses are not defended');
    }
  }

  async #set(settings: readonly Setting[], done: string, failed: string): Promise<void> {
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

function setting(name: string): number | undefined {
  const text = readText(`/proc/sys/${name}`);
  return text.ok ? Number(text.value) : undefined;
}
