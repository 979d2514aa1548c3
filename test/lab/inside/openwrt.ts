/** ubusd and netifd of a host, as `programs/openwrt.ts` has them. */
import type { Json } from '../record.ts';
import type { Network } from './network.ts';
import { CHECKOUT, type Process, RESULTS } from './process.ts';

/** A logical interface as netifd tells it, as far as kedge looks at it. */
export interface Interface {
  readonly interface: string;
  readonly up: boolean;
  readonly proto: string;
  readonly l3_device?: string;
  readonly inactive?: Json;
}

export class OpenWrt {
  readonly socket: string;
  readonly #process: Process;

  private constructor(network: Network, host: string) {
    const directory = `/run/ubus-${host}`;
    this.socket = `${directory}/ubus.sock`;
    const script = ['--qjs', `${CHECKOUT}/build/qjs`, '--script', `${RESULTS}/openwrt.js`];
    const command = [`${CHECKOUT}/dist/kedged`, ...script, '--run-dir', directory, '--', directory];
    this.#process = network.start(host, `openwrt-${host}`, command);
  }

  static async start(network: Network, host: string): Promise<OpenWrt> {
    const openwrt = new OpenWrt(network, host);
    await openwrt.#process.nextEvent('listening');
    return openwrt;
  }

  /** These are the interfaces now. */
  tell(interfaces: readonly Interface[]): void {
    this.#send({ interfaces: interfaces as unknown as Json });
  }

  /** The result of a method of kedge, as netifd calls it. */
  async call<T>(method: string, given: { readonly [name: string]: Json } = {}): Promise<T> {
    this.#send({ call: ['kedge', method, given] });
    return (await this.#process.nextEvent<{ data: T }>('answer')).data;
  }

  /** What one of netifd's objects is called for next. */
  async called<T>(method: string): Promise<{ readonly path: string; readonly given: T }> {
    return this.#process.nextEvent(method);
  }

  /** ubusd and netifd end, and come again. */
  restart(): void {
    this.#send({ restart: true });
  }

  #send(command: Json): void {
    this.#process.send(JSON.stringify(command));
  }
}
