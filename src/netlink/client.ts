/**
 * A client of rtnetlink over any datagram transport: acknowledged batches, dumps, notifications.
 *
 * Requests of a batch travel together and are carried out in their order. Only the last of a group asks for an
 * acknowledgement: the kernel reports every refusal in any case, so its answer settles the whole group.
 */

import { concat } from './codec.ts';
import { LOST, type NetlinkError, parseError } from './error.ts';
import { Control, emitMessage, Flag, type Message, parseMessages, type Request } from './message.ts';

/** Limits of one group, so that the answers to it cannot overrun the socket's receive queue. */
const GROUP_REQUESTS = 64;
const GROUP_OCTETS = 16384;

/** Outcomes of a batch, one for each request: undefined for success. */
export type Outcomes = readonly (NetlinkError | undefined)[];

export interface ClientEvents {
  /** A message that answers no request of this client. */
  notification(message: Message): void;
  /** Notifications were lost: whatever is remembered of the kernel's state must be read again. */
  overrun(): void;
}

interface Group {
  /** Sequence number of its first request. */
  readonly first: number;
  readonly datagram: Uint8Array;
  readonly outcomes: (NetlinkError | undefined)[];
  readonly done: () => void;
}

interface Dump {
  readonly sequence: number;
  readonly each: (message: Message) => void;
  readonly done: (error: NetlinkError | undefined) => void;
  interrupted: boolean;
}

/** What a dump ends with when the kernel says that it changed meanwhile: dump again. */
export const INTERRUPTED: NetlinkError = { errno: 4, text: 'the dump was interrupted by a change' };

export class NetlinkClient {
  readonly #send: (datagram: Uint8Array) => void;
  readonly #events: ClientEvents;
  #sequence = 1;
  /** The first is on its way, the others wait for it. */
  readonly #groups: Group[] = [];
  #dump: Dump | undefined;

  constructor(send: (datagram: Uint8Array) => void, events: ClientEvents) {
    this.#send = send;
    this.#events = events;
  }

  /**
   * Carries the requests out, in order and whatever becomes of the ones before. The first group leaves before
   * this returns.
   */
  async batch(requests: readonly Request[]): Promise<Outcomes> {
    const groups: Promise<Outcomes>[] = [];
    for (let at = 0; at < requests.length; ) {
      const count = groupSize(requests, at);
      groups.push(this.#group(requests.slice(at, at + count)));
      at += count;
    }
    return (await Promise.all(groups)).flat();
  }

  /** Asks for all objects of a kind; `each` gets them as they come. One dump at a time. */
  dump(request: Request, each: (message: Message) => void): Promise<NetlinkError | undefined> {
    if (this.#dump !== undefined) throw new Error('a dump is under way');
    const sequence = this.#take(1);
    return new Promise(done => {
      this.#dump = { sequence, each, done, interrupted: false };
      this.#send(emitMessage(request, Flag.dump, sequence));
    });
  }

  /** What the transport received. */
  receive(datagram: Uint8Array): void {
    for (const message of parseMessages(datagram)) this.#message(message);
  }

  /** The transport lost messages (ENOBUFS): nothing that is awaited may come any more. */
  overrun(): void {
    const dump = this.#dump;
    this.#dump = undefined;
    dump?.done(LOST);
    for (const group of this.#groups.splice(0)) {
      group.outcomes.fill(LOST);
      group.done();
    }
    this.#events.overrun();
  }

  #take(count: number): number {
    // Sequence 0 is the kernel's own: its notifications carry it.
    if (this.#sequence + count > 0xffffffff) this.#sequence = 1;
    const first = this.#sequence;
    this.#sequence += count;
    return first;
  }

  #group(requests: readonly Request[]): Promise<Outcomes> {
    const first = this.#take(requests.length);
    const last = requests.length - 1;
    const datagram = concat(
      requests.map((request, at) => emitMessage(request, at === last ? Flag.acknowledge : 0, first + at)),
    );
    const outcomes: (NetlinkError | undefined)[] = requests.map(() => undefined);
    return new Promise(resolve => {
      this.#groups.push({ first, datagram, outcomes, done: () => resolve(outcomes) });
      if (this.#groups.length === 1) this.#send(datagram);
    });
  }

  #message(message: Message): void {
    if (message.type === Control.overrun) {
      this.overrun();
    } else if (this.#dump !== undefined && answers(message, this.#dump.sequence)) {
      this.#dumped(this.#dump, message);
    } else if (message.type === Control.error) {
      this.#answer(message);
    } else if (message.type > Control.overrun) {
      this.#events.notification(message);
    }
  }

  #dumped(dump: Dump, message: Message): void {
    if (message.flags & Flag.dumpInterrupted) dump.interrupted = true;
    if (message.type !== Control.done && message.type !== Control.error) {
      dump.each(message);
      return;
    }
    this.#dump = undefined;
    dump.done(parseError(message) ?? (dump.interrupted ? INTERRUPTED : undefined));
  }

  #answer(message: Message): void {
    const group = this.#groups[0];
    const at = group === undefined ? -1 : message.sequence - group.first;
    if (group === undefined || at < 0 || at >= group.outcomes.length) return;
    group.outcomes[at] = parseError(message);
    if (at < group.outcomes.length - 1) return;
    this.#groups.shift();
    const next = this.#groups[0];
    if (next !== undefined) this.#send(next.datagram);
    group.done();
  }
}

/** A notification may carry, from another socket's request, the very sequence number; but it is no part of a dump. */
function answers(message: Message, sequence: number): boolean {
  const inDump = message.type <= Control.overrun || (message.flags & Flag.multipart) !== 0;
  return inDump && message.sequence === sequence;
}

/** How many requests from `start` on fit in one group; at least one. */
function groupSize(requests: readonly Request[], start: number): number {
  let octets = 0;
  let count = 0;
  for (const request of requests.slice(start, start + GROUP_REQUESTS)) {
    octets += request.body.length;
    if (count > 0 && octets > GROUP_OCTETS) break;
    count++;
  }
  return count;
}
