/** The daemon on ubus: the object `kedge` with the methods of `methods.ts`, the events `kedge.*`, and what netifd knows. */
import type { EventReport } from '../engine/status.ts';
import { now } from '../host/clock.ts';
import type { Helper } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import { Timer } from '../host/timer.ts';
import { connectUbus } from '../host/ubus-connection.ts';
import { UbusClient } from '../ubus/client.ts';
import { Status } from '../ubus/message.ts';
import type { NetworkInterface } from '../ubus/network-interfaces.ts';
import type { Daemon } from './daemon.ts';
import { Interfaces, NETIFD } from './interfaces.ts';
import { callMethod, METHODS } from './methods.ts';
import { MobileInterfaces } from './mobile-interfaces.ts';

/** An argument that uhttpd adds to every call: LuCI's session. Whether it may call is checked before. */
const SESSION = 'ubus_rpc_session';
/** Somebody published an object. */
const ADDED = 'ubus.object.add';
/** netifd's protocol handler that attaches interfaces of ours. */
const PROTOCOL = 'kedge';

/** Which of the engine's events are told, by their names, and as what. */
const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/^binding-/, 'kedge.binding'],
  [/^(path|uplink)-/, 'kedge.path'],
  [/^active-|^home-agent-changed$|-home$/, 'kedge.handover'],
];

export class Bus {
  readonly interfaces: Interfaces;
  readonly mobile: MobileInterfaces;
  readonly #daemon: Daemon;
  readonly #client: UbusClient;
  readonly #log: LogSink;
  /** Interfaces that were asked to attach, since ubus or netifd came. */
  readonly #asked = new Set<string>();

  constructor(daemon: Daemon, helper: Helper, log: LogSink) {
    this.#daemon = daemon;
    this.#log = log;
    this.#client = new UbusClient(
      {
        connect: handler => connectUbus(helper, handler),
        schedule(delay, action) {
          const timer = new Timer(action);
          timer.set(now().monotonic + delay);
          return () => timer.set(undefined);
        },
      },
      {
        path: 'kedge',
        methods: Object.fromEntries(Object.entries(METHODS).map(([name, { takes }]) => [name, takes])),
        async call(name, { [SESSION]: _, ...given }) {
          const answer = await callMethod(daemon, name, given);
          return answer.ok
            ? { status: Status.ok, data: answer.result }
            : { status: Status.invalidArgument, data: { error: answer.error } };
        },
      },
      [ADDED],
      {
        ready: () => {
          this.#log('info', 'ubus: the object kedge is published');
          this.#follow();
        },
        lost: () => this.#log('notice', 'ubus: the connection has ended'),
        heard: (name, { path }) => {
          if (name === ADDED && path === NETIFD) this.#follow();
          else if (name.startsWith('interface.')) this.interfaces.read();
        },
      },
    );
    this.interfaces = new Interfaces(this.#client, known => this.#noteInterfaces(known));
    this.mobile = new MobileInterfaces(this.#client);
    daemon.listeners.add(event => this.#tell(event));
    this.#client.start();
  }

  #follow(): void {
    this.#asked.clear();
    this.interfaces.follow();
  }

  /** There may be other routers: interfaces that could not attach may ask again. */
  reconsider(): void {
    this.#asked.clear();
    this.interfaces.read();
  }

  /** Interfaces of ours that netifd set up while kedge was away attach when they are renewed. */
  #noteInterfaces(known: readonly NetworkInterface[]): void {
    const names = known.filter(({ protocol }) => protocol === PROTOCOL).map(({ name }) => name);
    this.mobile.keep(names);
    for (const name of names) {
      if (this.mobile.has(name) || this.#asked.has(name)) continue;
      this.#asked.add(name);
      this.#client.call(`${NETIFD}.${name}`, 'renew', {});
    }
    this.#daemon.interfacesChanged();
  }

  stop(): void {
    this.#client.stop();
  }

  #tell({ name, data, ...report }: EventReport): void {
    const topic = TOPICS.find(([pattern]) => pattern.test(name))?.[1];
    if (topic !== undefined) this.#client.tell(topic, { ...data, name, ...report });
  }
}
