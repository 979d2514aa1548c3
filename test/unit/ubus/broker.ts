/**
 * A broker in place of ubusd, written from the wire format: it knows objects, calls, subscriptions and events, and every
 * client may do everything. It reads and writes with the codec under test; `codec.test.ts` holds that against octets of the
 * real ones.
 */
import type { JsonObject } from '../../../src/engine/types.ts';
import {
  emitMessage,
  type Message,
  MessageSplitter,
  MessageType,
  Status,
} from '../../../src/ubus/message.ts';

interface Client {
  readonly id: number;
  readonly send: (octets: Uint8Array) => void;
}

interface PublishedObject {
  readonly id: number;
  readonly owner: Client;
  readonly path: string | undefined;
  readonly signature: JsonObject | undefined;
  /** Numbers of the objects that hear its notifications. */
  readonly subscribers: Set<number>;
  /** Names of events, perhaps with `*` at the end. */
  readonly listens: string[];
}

const EVENTS = 1;

export class Broker {
  #lastId = 0x8000_0000;
  readonly #clients = new Map<number, Client>();
  readonly #objects = new Map<number, PublishedObject>();

  /** A client connected; `send` takes what it shall receive. */
  connect(send: (octets: Uint8Array) => void): { received(octets: Uint8Array): void; closed(): void } {
    const client = { id: this.#newId(), send };
    const splitter = new MessageSplitter();
    this.#clients.set(client.id, client);
    this.#tell(client, { type: MessageType.hello, sequence: 0, peer: client.id });
    return {
      received: octets => {
        for (const message of splitter.push(octets) ?? []) this.#take(client, message);
      },
      closed: () => {
        this.#clients.delete(client.id);
        for (const object of [...this.#objects.values()]) if (object.owner === client) this.#remove(object);
      },
    };
  }

  #newId(): number {
    // The high bit is set: numbers are unsigned.
    this.#lastId += 0x101;
    return this.#lastId;
  }

  #tell(client: Client, message: Message): void {
    client.send(emitMessage(message));
  }

  #take(client: Client, message: Message): void {
    const { type, sequence, peer } = message;
    if (type === MessageType.status || type === MessageType.data) {
      const caller = this.#clients.get(peer);
      const object = this.#objects.get(message.object ?? 0);
      if (caller && object?.owner === client) this.#tell(caller, { ...message, peer: object.id });
      return;
    }
    const answer = (fields: Omit<Message, 'type' | 'sequence' | 'peer'>) =>
      this.#tell(client, { ...fields, type: MessageType.data, sequence, peer });
    const status = this.#act(client, message, answer);
    if (status !== undefined) this.#tell(client, { type: MessageType.status, sequence, peer, status });
  }

  /** The STATUS of it; undefined when somebody else gives it. */
  #act(
    client: Client,
    message: Message,
    answer: (fields: Omit<Message, 'type' | 'sequence' | 'peer'>) => void,
  ): number | undefined {
    switch (message.type) {
      case MessageType.lookup: {
        const found = [...this.#objects.values()].filter(
          ({ path }) => path !== undefined && matches(message.path, path),
        );
        for (const { path, id, signature } of found)
          answer({ path: path!, object: id, ...(signature && { signature }) });
        return found.length > 0 || message.path === undefined ? Status.ok : Status.notFound;
      }
      case MessageType.addObject: {
        const { path, signature } = message;
        if (path !== undefined && [...this.#objects.values()].some(object => object.path === path))
          return Status.invalidArgument;
        const id = this.#newId();
        this.#objects.set(id, {
          ...{ id, owner: client, path, signature },
          subscribers: new Set(),
          listens: [],
        });
        answer({ object: id });
        if (path !== undefined) this.#event(client, 'ubus.object.add', { id: id | 0, path });
        return Status.ok;
      }
      case MessageType.subscribe: {
        const target = this.#objects.get(message.target ?? 0);
        if (target === undefined) return Status.notFound;
        target.subscribers.add(message.object!);
        return Status.ok;
      }
      case MessageType.notify:
        for (const id of this.#objects.get(message.object ?? 0)?.subscribers ?? []) {
          this.#invoke(client, id, message, true);
        }
        return message.noReply ? undefined : Status.ok;
      case MessageType.invoke:
        if (message.object === EVENTS) return this.#events(client, message);
        return this.#invoke(client, message.object ?? 0, message, false) ? undefined : Status.notFound;
      default:
        return 1;
    }
  }

  #invoke(client: Client, id: number, { method, data, sequence }: Message, noReply: boolean): boolean {
    const object = this.#objects.get(id);
    if (object === undefined) return false;
    this.#tell(object.owner, {
      ...{ type: MessageType.invoke, sequence, peer: client.id, object: id, method: method! },
      ...(data && { data }),
      ...(noReply && { noReply }),
    });
    return true;
  }

  #events(client: Client, { method, data }: Message): number {
    if (method === 'register') {
      this.#objects.get((data?.object as number) >>> 0)?.listens.push(String(data?.pattern));
      return Status.ok;
    }
    if (method !== 'send') return 1;
    this.#event(client, String(data?.id), data?.data as JsonObject);
    return Status.ok;
  }

  /** Who sends it does not hear it. */
  #event(from: Client | undefined, name: string, data: JsonObject): void {
    for (const object of this.#objects.values()) {
      if (object.owner === from || !object.listens.some(pattern => matches(pattern, name))) continue;
      this.#tell(object.owner, {
        ...{ type: MessageType.invoke, sequence: 1, peer: 0, object: object.id, method: name, data },
      });
    }
  }

  #remove(object: PublishedObject): void {
    this.#objects.delete(object.id);
    for (const { subscribers } of this.#objects.values()) subscribers.delete(object.id);
    if (object.path !== undefined) {
      this.#event(object.owner, 'ubus.object.remove', { id: object.id | 0, path: object.path });
    }
    for (const id of object.subscribers) {
      const subscriber = this.#objects.get(id);
      if (subscriber === undefined) continue;
      const message = { type: MessageType.unsubscribe, sequence: 0, peer: 0, object: id, target: object.id };
      this.#tell(subscriber.owner, message);
    }
  }
}

function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
