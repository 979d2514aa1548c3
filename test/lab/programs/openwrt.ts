/**
 * In place of OpenWrt's ubusd and netifd, a program beneath kedged: the broker of the unit tests on a socket, and netifd's
 * objects, which tell of the interfaces that the scenario gives them and report what they are told.
 *
 * Lines of standard input, JSON: `{interfaces: [...]}` (as netifd dumps them) takes the place of the interfaces and notifies;
 * `{call: [path, method, arguments]}` calls; `{restart: true}` ends all connections. Each line of output is an event.
 */
import * as os from 'os';
import type { JsonObject } from '../../../src/engine/types.ts';
import { HelperChannel } from '../../../src/host/channel.ts';
import { Helper, type Socket } from '../../../src/host/helper.ts';
import { LineSplitter } from '../../../src/host/line-splitter.ts';
import { commandLine, print } from '../../../src/host/process.ts';
import {
  emitMessage,
  type Fields,
  type Message,
  MessageSplitter,
  MessageType,
} from '../../../src/ubus/message.ts';
import { Broker } from '../../unit/ubus/broker.ts';

const [directory = ''] = commandLine();
const helper = new Helper(new HelperChannel());
const tell = (event: string, fields: object = {}) => print(`${JSON.stringify({ event, ...fields })}\n`);

/** netifd, as a client of a broker. Every object that it publishes has the same methods. */
class Netifd {
  interfaces: readonly JsonObject[] = [];
  readonly #broker: ReturnType<Broker['connect']>;
  readonly #splitter = new MessageSplitter();
  /** Numbers of its objects by their paths. */
  readonly #objects = new Map<string, number>();
  /** Of all objects, in the order in which they were published. */
  readonly #paths: string[] = [];
  /** What comes after a lookup, by its sequence number. */
  readonly #calls = new Map<number, Fields>();
  #sequence = 0;

  constructor(broker: Broker) {
    this.#broker = broker.connect(octets => {
      // Not at once: a broker is not re-entered.
      const messages = this.#splitter.push(octets.slice()) ?? [];
      Promise.resolve().then(() => {
        for (const message of messages) this.#take(message);
      });
    });
    this.publish('network.interface');
  }

  publish(path: string): void {
    this.#send({ type: MessageType.addObject, path, signature: { dump: {}, notify_proto: {}, renew: {} } });
    this.#paths.push(path);
  }
  notify(method: string, data: JsonObject): void {
    const object = this.#objects.get('network.interface')!;
    this.#send({ type: MessageType.notify, object, method, data, noReply: true });
  }

  call(path: string, method: string, data: JsonObject): void {
    const sequence = this.#send({ type: MessageType.lookup, path });
    this.#calls.set(sequence, { method, data });
  }

  #send(
    message: Omit<Message, 'sequence' | 'peer'> & { readonly sequence?: number; readonly peer?: number },
  ): number {
    const { sequence = ++this.#sequence, peer = message.object ?? 0 } = message;
    this.#broker.received(emitMessage({ ...message, sequence, peer }));
    return sequence;
  }

  #take(message: Message): void {
    const { type, sequence, peer, object, method, data } = message;
    if (type === MessageType.invoke && object !== undefined) {
      const path = [...this.#objects].find(([, id]) => id === object)?.[0];
      const answer = method === 'dump' ? { interface: this.interfaces } : {};
      if (method !== 'dump') tell(method!, { path, given: data });
      this.#send({ type: MessageType.data, sequence, peer, object, data: answer });
      this.#send({ type: MessageType.status, sequence, peer, object, status: 0 });
    } else if (type === MessageType.data && this.#calls.has(sequence)) {
      const call = this.#calls.get(sequence)!;
      this.#calls.delete(sequence);
      this.#send({ type: MessageType.invoke, object: object!, ...call });
    } else if (type === MessageType.data && data === undefined && object !== undefined) {
      this.#objects.set(this.#paths[this.#objects.size]!, object);
      if (this.#objects.size === 1) tell('netifd');
    } else if (type === MessageType.data) {
      tell('answer', { data });
    } else if (type === MessageType.status && this.#calls.delete(sequence)) {
      tell('nobody');
    }
  }
}

let broker = new Broker();
let netifd = new Netifd(broker);
const connections = new Set<Socket>();

helper.open(
  { kind: 'unix-listen', path: `${directory}/ubus.sock` },
  {
    received() {},
    failed: reason => tell('failed', { reason }),
    opened: () => tell('listening'),
    accepted(socket) {
      connections.add(socket);
      const client = broker.connect(octets => socket.send(octets));
      const closed = () => {
        connections.delete(socket);
        client.closed();
      };
      return { received: ({ bytes }) => client.received(bytes), failed: closed, closed };
    },
  },
);

function act(command: JsonObject): void {
  if (command.restart === true) {
    for (const socket of connections) socket.close();
    connections.clear();
    broker = new Broker();
    const { interfaces } = netifd;
    netifd = new Netifd(broker);
    netifd.interfaces = interfaces;
    for (const found of interfaces) netifd.publish(`network.interface.${found.interface}`);
  }
  if (Array.isArray(command.interfaces)) {
    const known = new Set(netifd.interfaces.map(found => found.interface));
    netifd.interfaces = command.interfaces as unknown as readonly JsonObject[];
    for (const found of netifd.interfaces) {
      if (!known.has(found.interface!)) netifd.publish(`network.interface.${found.interface}`);
      netifd.notify(found.up === true ? 'interface.update' : 'interface.down', found);
    }
  }
  if (Array.isArray(command.call)) {
    const [path, method, given] = command.call as unknown as [string, string, JsonObject];
    netifd.call(path, method, given);
  }
}

const lines = new LineSplitter(65_536);
const buffer = new Uint8Array(65_536);
os.setReadHandler(0, () => {
  const length = os.read(0, buffer.buffer, 0, buffer.length);
  if (length <= 0) os.setReadHandler(0, null);
  else for (const line of lines.push(buffer.slice(0, length)) ?? []) act(JSON.parse(line) as JsonObject);
});
