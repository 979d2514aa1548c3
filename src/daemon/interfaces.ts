/** The logical interfaces of netifd that uplinks are named by. */
import type { UplinkPlace } from '../netlink/uplink-status.ts';
import type { UbusClient } from '../ubus/client.ts';
import { type NetworkInterface, parseInterfaces } from '../ubus/network-interfaces.ts';
import type { MobileRouterConfig, UplinkConfig } from '../uci/types.ts';

/** netifd's object, whose notifications say that an interface changed. */
export const NETIFD = 'network.interface';

export class Interfaces {
  readonly #client: UbusClient;
  readonly #changed: (interfaces: readonly NetworkInterface[]) => void;
  /** As they were last told: without ubus or netifd the kernel goes on with what they have made. */
  #known: readonly NetworkInterface[] | undefined;
  #reading = false;
  #again = false;

  /** @param changed hears all of them whenever they were read */
  constructor(client: UbusClient, changed: (interfaces: readonly NetworkInterface[]) => void) {
    this.#client = client;
    this.#changed = changed;
  }

  /** netifd may have come: hears its notifications from now on. */
  async follow(): Promise<void> {
    if (await this.#client.follow(NETIFD)) await this.read();
  }

  /** Reads all of them; once more when something changes meanwhile. */
  async read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again) {
      this.#again = false;
      const reply = await this.#client.call(NETIFD, 'dump', {});
      if (!reply.ok) continue;
      const known = parseInterfaces(reply.data);
      this.#known = known;
      this.#changed(known);
    }
    this.#reading = false;
  }

  /** Why uplinks are not found, in sentences for an operator. */
  problems(uplinks: readonly UplinkConfig[]): string[] {
    const named = uplinks.filter(uplink => uplink.interface !== undefined);
    if (this.#known === undefined) {
      return named.length > 0 ? ["netifd does not answer on ubus: it tells the uplinks' devices"] : [];
    }
    const names = this.#known.map(({ name }) => name);
    return named
      .filter(uplink => !names.includes(uplink.interface!))
      .map(uplink => `uplink ${uplink.name}: netifd has no interface ${uplink.interface}`);
  }

  /** Where the uplink is now; nowhere while its interface is down or not known. */
  place(uplink: UplinkConfig): UplinkPlace {
    const found = this.#known?.find(({ name }) => name === uplink.interface);
    return uplink.interface === undefined
      ? uplink
      : { ...uplink, device: found?.device ?? '', gateway: found?.gateway };
  }
}

/** The uplinks of all mobile routers, each once. */
export const uplinksOf = (routers: readonly MobileRouterConfig[]): UplinkConfig[] => [
  ...new Map(routers.flatMap(({ uplinks }) => uplinks.map(uplink => [uplink.name, uplink]))).values(),
];
