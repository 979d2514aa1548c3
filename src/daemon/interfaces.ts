/** The logical interfaces of netifd that uplinks are named by. */

import type { UplinkPlace } from '../netlink/uplink-status.ts';
import type { UbusClient } from '../ubus/client.ts';
import type { NetworkInterface } from '../ubus/network-interfaces.ts';
import { parseInterfaces } from '../ubus/network-interfaces.ts';
import type { UplinkConfig } from '../uci/types.ts';

/** netifd's object, whose notifications say that an interface changed. */
export const NETIFD = 'network.interface';

export class Interfaces {
  readonly #client: UbusClient;
  readonly #changed: (interfaces: readonly NetworkInterface[]) => void;
  /** As they were last told: without ubus or netifd the kernel goes on with what they have made. */
  #known: readonly NetworkInterface[] = [];
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
      this.#known = parseInterfaces(reply.data);
      this.#changed(this.#known);
    }
    this.#reading = false;
  }

  /** Where the uplink is now; nowhere while its interface is down or not known. */
  place(uplink: UplinkConfig): UplinkPlace {
    const found = this.#known.find(({ name }) => name === uplink.interface);
    return uplink.interface === undefined
      ? uplink
      : { ...uplink, device: found?.device ?? '', gateway: found?.gateway };
  }
}
