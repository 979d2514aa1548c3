/** The daemon on ubus: the object `kedge` with the methods of `methods.ts`, and the events `kedge.*`. */
import type { EventReport } from '../engine/status.ts';
import { now } from '../host/clock.ts';
import type { Helper } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import { Timer } from '../host/timer.ts';
import { connectUbus } from '../host/ubus-connection.ts';
import { UbusClient } from '../ubus/client.ts';
import { Status } from '../ubus/message.ts';
import type { Daemon } from './daemon.ts';
import { callMethod, METHODS } from './methods.ts';

/** Which of the engine's events are told, by their names, and as what. */
const TOPICS: readonly (readonly [RegExp, string])[] = [
  [/^binding-/, 'kedge.binding'],
  [/^(path|uplink)-/, 'kedge.path'],
  [/^active-|^home-agent-changed$|-home$/, 'kedge.handover'],
];

export class Bus {
  readonly #client: UbusClient;
  readonly #log: LogSink;

  constructor(daemon: Daemon, helper: Helper, log: LogSink) {
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
        call(name, given) {
          const answer = callMethod(daemon, name, given);
          return answer.ok
            ? { status: Status.ok, data: answer.result }
            : { status: Status.invalidArgument, data: { error: answer.error } };
        },
      },
      [],
      {
        ready: () => this.#log('info', 'ubus: the object kedge is published'),
        lost: () => this.#log('notice', 'ubus: the connection has ended'),
        heard() {},
      },
    );
    daemon.listeners.add(event => this.#tell(event));
    this.#client.start();
  }

  stop(): void {
    this.#client.stop();
  }

  #tell({ name, data, ...report }: EventReport): void {
    const topic = TOPICS.find(([pattern]) => pattern.test(name))?.[1];
    if (topic !== undefined) this.#client.tell(topic, { ...data, name, ...report });
  }
}
