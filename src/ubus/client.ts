/**
 * A client of ubusd that lasts: it connects again when the connection ends, and then adds its object and registers what it
 * listens to again. Whatever comes over the connection, nothing here throws.
 */
import type { JsonObject } from '../engine/types.ts';
import { Type } from './blobmsg.ts';
import { emitMessage, type Fields, type Message, MessageSplitter, MessageType, Status } from './message.ts';

export interface Connection {
  send(octets: Uint8Array): void;
  /** The handler hears nothing more. */
  close(): void;
}

export interface ConnectionHandler {
  received(octets: Uint8Array): void;
  /** It could not be had, or has ended. */
  closed(): void;
}

export interface UbusHost {
  connect(handler: ConnectionHandler): Connection;
  /** Calls back after `delay` ms; the result cancels it. */
  schedule(delay: number, action: () => void): () => void;
}

export type ArgumentType = 'string' | 'boolean' | 'integer' | 'array' | 'table';

interface Served {
  readonly status: number;
  readonly data: JsonObject;
}

/** The object that the client publishes. */
export interface ServedObject {
  readonly path: string;
  readonly methods: { readonly [name: string]: { readonly [argument: string]: ArgumentType } };
  /** `status` other than 0 is a failure; `data` goes with it. */
  call(method: string, given: JsonObject): Served | Promise<Served>;
}

export interface ClientEvents {
  /** The object is published, and others can be called. */
  ready(): void;
  lost(): void;
  /** Something was said to our ears: a notification of a followed object, or an event that is listened to. */
  heard(name: string, data: JsonObject): void;
}

/** The outcome of a call. */
export type Reply =
  | { readonly ok: true; readonly data: JsonObject }
  | { readonly ok: false; readonly status: number };

const CALL_TIMEOUT = 10_000;
/** ms before connecting again: twice as long each time. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 16_000;
const MOST_CALLS = 64;
/** The number of ubusd's own object for events. */
const EVENTS = 1;

const SIGNATURE_TYPES: { readonly [type in ArgumentType]: number } = {
  string: Type.string,
  boolean: Type.boolean,
  integer: Type.int32,
  array: Type.array,
  table: Type.table,
};

interface Pending {
  /** What DATA messages said. */
  answer: Message | undefined;
  readonly finish: (status: number, answer: Message | undefined) => void;
  readonly cancelTimeout: () => void;
}

export class UbusClient {
  readonly #host: UbusHost;
  readonly #object: ServedObject;
  readonly #events: ClientEvents;
  readonly #listens: readonly string[];
  #connection: Connection | undefined;
  #splitter = new MessageSplitter();
  #pending = new Map<number, Pending>();
  #lastSequence = 0;
  /** Number of our object; undefined: not published now. */
  #own: number | undefined;
  #pause = FIRST_PAUSE;
  #cancelRetry: (() => void) | undefined;

  /** @param listens names of events, perhaps with `*` at the end */
  constructor(host: UbusHost, object: ServedObject, listens: readonly string[], events: ClientEvents) {
    this.#host = host;
    this.#object = object;
    this.#listens = listens;
    this.#events = events;
  }

  start(): void {
    this.#splitter = new MessageSplitter();
    this.#connection = this.#host.connect({
      received: octets => this.#received(octets),
      closed: () => this.#closed(),
    });
  }

  /** The end; `lost` is not told. */
  stop(): void {
    this.#cancelRetry?.();
    this.#own = undefined;
    this.#drop();
  }

  get ready(): boolean {
    return this.#own !== undefined;
  }

  /** Calls a method of an object that somebody publishes under `path`. */
  async call(path: string, method: string, data: JsonObject): Promise<Reply> {
    const found = await this.#request({ type: MessageType.lookup, peer: 0, path });
    const object = found.answer?.object;
    if (found.status !== Status.ok || object === undefined) {
      return { ok: false, status: found.status || Status.notFound };
    }
    return this.#invoke(object, method, data);
  }

  /** Hears notifications of the object under `path` as long as it is there. True when it is. */
  async follow(path: string): Promise<boolean> {
    const { answer } = await this.#request({ type: MessageType.lookup, peer: 0, path });
    if (answer?.object === undefined || this.#own === undefined) return false;
    const request = { type: MessageType.subscribe, peer: 0, object: this.#own, target: answer.object };
    return (await this.#request(request)).status === Status.ok;
  }

  /** Tells everybody; lost without a connection. */
  tell(event: string, data: JsonObject): void {
    if (this.ready) this.#invoke(EVENTS, 'send', { id: event, data });
  }

  async #invoke(object: number, method: string, data: JsonObject): Promise<Reply> {
    const { status, answer } = await this.#request({
      type: MessageType.invoke,
      peer: object,
      ...{ object, method, data },
    });
    return status === Status.ok ? { ok: true, data: answer?.data ?? {} } : { ok: false, status };
  }

  #request(
    request: Omit<Message, 'sequence'>,
  ): Promise<{ readonly status: number; readonly answer: Message | undefined }> {
    return new Promise(resolve => {
      if (this.#connection === undefined || this.#pending.size >= MOST_CALLS) {
        resolve({ status: Status.connectionFailed, answer: undefined });
        return;
      }
      do this.#lastSequence = (this.#lastSequence + 1) & 0xffff;
      while (this.#pending.has(this.#lastSequence));
      const sequence = this.#lastSequence;
      const finish: Pending['finish'] = (status, answer) => {
        this.#pending.delete(sequence);
        resolve({ status, answer });
      };
      const cancelTimeout = this.#host.schedule(CALL_TIMEOUT, () => finish(Status.timeout, undefined));
      this.#pending.set(sequence, { answer: undefined, finish, cancelTimeout });
      if (!this.#send({ ...request, sequence })) {
        cancelTimeout();
        finish(Status.invalidArgument, undefined);
      }
    });
  }

  /** False when the message is too long. */
  #send(message: Message): boolean {
    try {
      this.#connection?.send(emitMessage(message));
      return true;
    } catch {
      return false;
    }
  }

  #received(octets: Uint8Array): void {
    const messages = this.#splitter.push(octets);
    for (const message of messages ?? []) this.#take(message);
    if (messages === undefined) {
      this.#connection?.close();
      this.#closed();
    }
  }

  #take(message: Message): void {
    switch (message.type) {
      case MessageType.hello:
        this.#publish();
        break;
      case MessageType.data: {
        const pending = this.#pending.get(message.sequence);
        if (pending !== undefined) pending.answer ??= message;
        break;
      }
      case MessageType.status: {
        const pending = this.#pending.get(message.sequence);
        pending?.cancelTimeout();
        pending?.finish(message.status ?? Status.unknownError, pending.answer);
        break;
      }
      case MessageType.invoke:
        this.#serve(message);
        break;
    }
  }

  async #publish(): Promise<void> {
    const { path, methods } = this.#object;
    const signature = Object.fromEntries(
      Object.entries(methods).map(([method, takes]) => [method, signatureOf(takes)]),
    );
    const connection = this.#connection;
    const { answer } = await this.#request({ type: MessageType.addObject, peer: 0, path, signature });
    if (connection === undefined || connection !== this.#connection) return;
    if (answer?.object === undefined) {
      // Somebody else has the path, or we may not publish it.
      connection.close();
      this.#closed();
      return;
    }
    this.#own = answer.object;
    this.#pause = FIRST_PAUSE;
    for (const pattern of this.#listens) {
      this.#invoke(EVENTS, 'register', { object: this.#own | 0, pattern });
    }
    this.#events.ready();
  }

  /** A call of our object, or what is said to it. */
  #serve({ sequence, peer, object, method, data = {}, noReply }: Message): void {
    if (object === undefined || object !== this.#own || method === undefined) return;
    if (noReply === true || peer === 0) {
      this.#events.heard(method, data);
      return;
    }
    const answer = Object.hasOwn(this.#object.methods, method)
      ? this.#object.call(method, data)
      : { status: Status.methodNotFound, data: {} };
    const reply = (type: number, fields: Fields) => this.#send({ type, sequence, peer, object, ...fields });
    const tell = ({ status, data: said }: Served) => {
      const isToldAll = reply(MessageType.data, { data: said });
      reply(MessageType.status, { status: isToldAll ? status : Status.unknownError });
    };
    if (answer instanceof Promise) answer.then(tell);
    else tell(answer);
  }

  #closed(): void {
    this.#drop();
    this.#cancelRetry = this.#host.schedule(this.#pause, () => this.start());
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  #drop(): void {
    const wasReady = this.ready;
    this.#connection?.close();
    this.#connection = undefined;
    this.#own = undefined;
    for (const { cancelTimeout, finish } of [...this.#pending.values()]) {
      cancelTimeout();
      finish(Status.connectionFailed, undefined);
    }
    if (wasReady) this.#events.lost();
  }
}

function signatureOf(takes: { readonly [argument: string]: ArgumentType }): JsonObject {
  return Object.fromEntries(Object.entries(takes).map(([name, type]) => [name, SIGNATURE_TYPES[type]]));
}
