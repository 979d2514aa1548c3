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

interface Called<T = object> {
  readonly event: string;
  readonly path: string;
  readonly given: T;
}

export class OpenWrt {
  readonly socket: string;
  readonly #process: Process;
  /** What has been called during the latest call to kedge, which may come before its answer. */
  #calledMeanwhile: Called[] = [];

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
    this.#calledMeanwhile = [];
    for (;;) {
      const line = await this.#process.next<Called | { readonly event: 'answer'; readonly data: T }>();
      if ('data' in line) return line.data;
      this.#calledMeanwhile.push(line);
    }
  }

  /** What one of netifd's objects is called for next, or was during the latest call to kedge. */
  async called<T>(method: string): Promise<Called<T>> {
    const at = this.#calledMeanwhile.findIndex(({ event }) => event === method);
    const [found] = at < 0 ? [] : this.#calledMeanwhile.splice(at, 1);
    return (found as Called<T> | undefined) ?? this.#process.nextEvent<Called<T>>(method);
  }

  /** ubusd and netifd end, and come again. */
  restart(): void {
    this.#send({ restart: true });
  }

  #send(command: Json): void {
    this.#process.send(JSON.stringify(command));
  }
}
