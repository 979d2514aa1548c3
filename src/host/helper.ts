/**
 * The client of kedged: sockets, `nft -f -` and sysctls for a script that has no privileges. Everything is asynchronous
 * and in order: a socket may be used right after open(), and problems come to its handler.
 */

import { encodeUtf8 } from '../wire/utf8.ts';
import type { Channel } from './channel.ts';
import {
  emitRequest,
  FIRST_ACCEPTED_ID,
  META,
  PAYLOAD_MAX,
  parseReport,
  type ReceivedMessage,
  type Report,
  type Request,
  type SendTarget,
  type SocketKind,
} from './netio-frame.ts';

export type { ReceivedMessage, SendTarget, SocketKind } from './netio-frame.ts';

export interface SocketHandler {
  received(message: ReceivedMessage): void;
  /** The kernel has opened it. */
  opened?(): void;
  /** A client connected to a listener: returns who hears of the connection. `user`: the peer's user id. */
  accepted?(connection: Socket, user: number): SocketHandler;
  /** The peer has taken so much that more may be sent: after a send() with `answer`. */
  sent?(): void;
  /** Messages were lost before they could be read (a netlink client must read the state anew). Without it: failed(). */
  lost?(reason: string): void;
  /** A message could not be sent or received, or the socket could not be opened. */
  failed(reason: string): void;
  /** It has ended, not by close(); the last call. After an error failed() comes first. */
  closed?(): void;
}

export interface NftResult {
  /** Exit status; 126 refused, 127 not found, 128 + n signal n. */
  readonly status: number;
  /** What nft said, or the reason why it was not run; the first 64 KiB. */
  readonly text: string;
}

/** Octets that may wait for the helper; what does not fit is not sent. */
const QUEUE_MAX = 1024 * 1024;

/** An open socket, or one that is being opened. */
export class Socket {
  /** Used by Helper only. */
  handler: SocketHandler;
  /** The script said CLOSE. */
  closing = false;
  /** The helper said CLOSED. */
  ended = false;
  private readonly helper: Helper;
  readonly id: number;
  private readonly kind: SocketKind['kind'];

  constructor(helper: Helper, id: number, kind: SocketKind['kind'], handler: SocketHandler) {
    this.helper = helper;
    this.id = id;
    this.kind = kind;
    this.handler = handler;
  }

  /**
   * Sends a packet, a netlink message, a line of the log, or octets of a stream. `answer` (streams): call handler.sent()
   * when there is room for more; who sends more than 64 KiB without waiting for that may lose the connection. What cannot
   * be sent is told to handler.failed().
   */
  send(bytes: Uint8Array, target: SendTarget = {}, answer = false): void {
    if (this.closing || this.ended) return;
    const addressed = this.kind === 'raw6-send';
    const stream = this.kind === 'unix-connect' || this.kind === 'ubus';
    const room = addressed ? PAYLOAD_MAX - META : PAYLOAD_MAX;
    if ((bytes.length > room && !stream) || !this.helper.hasRoom(bytes.length)) {
      this.handler.failed(bytes.length > room ? 'send: too long' : 'send: too much is waiting');
      return;
    }
    let at = 0;
    do {
      const part = bytes.subarray(at, at + room);
      at += part.length;
      this.helper.request({
        type: 'send',
        id: this.id,
        bytes: part,
        target: addressed ? target : undefined,
        answer: answer && at === bytes.length,
      });
    } while (at < bytes.length);
  }

  /** Ends it. What a stream has not sent yet is dropped: wait for sent(). The handler hears nothing more. */
  close(): void {
    if (this.closing || this.ended) return;
    this.closing = true;
    this.helper.request({ type: 'close', id: this.id });
  }
}

export class Helper {
  /** Frames of the helper that made no sense. */
  brokenFrames = 0;
  /** SIGTERM, SIGINT or SIGHUP arrived; after the first two the process has a few seconds. */
  onSignal: (number: number) => void = () => {};
  /** The helper ended. */
  onEnd: () => void = () => {};

  private readonly channel: Channel;
  private readonly sockets = new Map<number, Socket>();
  private readonly requests = new Map<number, (status: number, text: string) => void>();
  private waiting: Uint8Array[] = [];
  private waitingOctets = 0;
  private lastRequest = 0;
  private lastNft: Promise<unknown> = Promise.resolve();

  constructor(channel: Channel) {
    this.channel = channel;
    channel.attach({
      frame: frame => this.frame(frame),
      writable: () => this.writable(),
      ended: () => this.onEnd(),
    });
  }

  open(kind: SocketKind, handler: SocketHandler): Socket {
    let id = 1;
    while (id < FIRST_ACCEPTED_ID && this.sockets.has(id)) id++;
    const socket = new Socket(this, id, kind.kind, handler);
    if (id === FIRST_ACCEPTED_ID) {
      socket.ended = true;
      Promise.resolve().then(() => this.tellEnd(socket, 'too many sockets'));
      return socket;
    }
    this.sockets.set(id, socket);
    this.request({ type: 'open', id, socket: kind });
    return socket;
  }

  /** Runs `nft -f -`; one after the other. Never rejects. */
  nft(input: string): Promise<NftResult> {
    const result = this.lastNft.then(() => this.nftNow(encodeUtf8(input)));
    this.lastNft = result;
    return result;
  }

  /** Writes a kernel setting of the helper's list, e.g. `net/ipv6/conf/all/forwarding`. Rejects with the reason. */
  sysctl(name: string, value: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const id = this.startRequest((status, text) =>
        status === 0 ? resolve() : reject(new Error(`sysctl ${name}: ${text}`)),
      );
      this.request({ type: 'sysctl', id, name, value });
    });
  }

  /** Whether so many octets more may wait for the helper. */
  hasRoom(octets: number): boolean {
    return this.waitingOctets === 0 || this.waitingOctets + octets <= QUEUE_MAX;
  }

  /** Used by Socket. */
  request(request: Request): void {
    const frame = emitRequest(request);
    if (this.waiting.length === 0 && this.channel.write(frame)) return;
    this.waiting.push(frame);
    this.waitingOctets += frame.length;
  }

  private writable(): void {
    let written = 0;
    while (written < this.waiting.length && this.channel.write(this.waiting[written]!)) {
      this.waitingOctets -= this.waiting[written]!.length;
      written++;
    }
    this.waiting.splice(0, written);
  }

  private startRequest(finish: (status: number, text: string) => void): number {
    do this.lastRequest = (this.lastRequest + 1) & 0xffff;
    while (this.requests.has(this.lastRequest));
    this.requests.set(this.lastRequest, finish);
    return this.lastRequest;
  }

  private nftNow(input: Uint8Array): Promise<NftResult> {
    return new Promise(resolve => {
      const id = this.startRequest((status, text) => resolve({ status, text }));
      let at = 0;
      do {
        const part = input.subarray(at, at + PAYLOAD_MAX);
        at += part.length;
        this.request({ type: 'nft', id, input: part, more: at < input.length });
      } while (at < input.length);
    });
  }

  private frame(frame: Uint8Array): void {
    const report = parseReport(frame);
    if (!report) this.brokenFrames++;
    else if (report.type === 'signal') this.onSignal(report.number);
    else if (report.type !== 'done') this.socketReport(report);
    else {
      const finish = this.requests.get(report.id);
      this.requests.delete(report.id);
      finish?.(report.status, report.text);
    }
  }

  private socketReport(report: Exclude<Report, { type: 'done' | 'signal' }>): void {
    if (report.type === 'accepted') {
      this.accepted(report.id, report.listener, report.user);
      return;
    }
    const socket = this.sockets.get(report.id);
    if (!socket) return;
    if (report.type === 'closed') {
      // The id is free when both sides have said it, and the helper just did.
      this.sockets.delete(report.id);
      if (!socket.closing) this.request({ type: 'close', id: report.id });
      socket.ended = true;
    }
    if (socket.closing) return;
    const { handler } = socket;
    switch (report.type) {
      case 'opened':
        handler.opened?.();
        break;
      case 'received':
        handler.received(report.message);
        break;
      case 'sent':
        handler.sent?.();
        break;
      case 'fault':
        if (report.lost && handler.lost) handler.lost(report.reason);
        else handler.failed(report.reason);
        break;
      case 'closed':
        this.tellEnd(socket, report.reason);
        break;
    }
  }

  private accepted(id: number, listenerId: number, user: number): void {
    if (id < FIRST_ACCEPTED_ID || this.sockets.has(id)) {
      this.brokenFrames++;
      return;
    }
    const socket = new Socket(this, id, 'unix-connect', IGNORE);
    this.sockets.set(id, socket);
    const listener = this.sockets.get(listenerId);
    if (listener?.handler.accepted && !listener.closing)
      socket.handler = listener.handler.accepted(socket, user);
    else socket.close();
  }

  private tellEnd(socket: Socket, reason: string): void {
    if (reason !== '') socket.handler.failed(reason);
    socket.handler.closed?.();
  }
}

const IGNORE: SocketHandler = { received() {}, failed() {} };
