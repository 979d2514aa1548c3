/**
 * The client of kedged: sockets, `nft -f -` and sysctls for a script that has no privileges. Everything is asynchronous
 * and in order: a socket may be used right after open(), and problems come to its handler.
 */
import type { Channel } from './channel.ts';
import {
  emitRequest,
  FIRST_ACCEPTED_ID,
  parseReport,
  type ReceivedMessage,
  type Report,
  type Request,
  SEND_MAX,
  type SendTarget,
  type SocketKind,
  TARGET_OCTETS,
} from './netio-frame.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

export type { ReceivedMessage, SendTarget, SocketKind } from './netio-frame.ts';

export interface SocketHandler {
  received(message: ReceivedMessage): void;
  /** The kernel has opened it; `port` is the local one of `udp6`. */
  opened?(port: number): void;
  /** A client connected to a listener: returns who hears of the connection. `user`: the peer's user id. */
  accepted?(connection: Socket, user: number): SocketHandler;
  /** What was sent with `answer` is in the kernel's hands. */
  sent?(): void;
  /** Messages were lost before they could be read (a netlink client must read the state anew). Without it: failed(). */
  lost?(reason: string): void;
  /** A message could not be sent or received, or the socket could not be opened. */
  failed(reason: string): void;
  /** It has ended, not by close(); the last call. After an error failed() comes first. */
  closed?(): void;
}

export interface RunResult {
  /** Exit status; 124 time limit, 126 refused, 127 not found, 128 + n signal n. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly output: { stdout: Uint8Array[]; stderr: Uint8Array[] };
  octets: number;
  finish(status: number, reason: string): void;
}

/** Octets that may wait for the helper; what does not fit is not sent. */
const QUEUE_MAX = 1024 * 1024;
/** Octets of program output that are kept. */
const OUTPUT_MAX = 1024 * 1024;

function join(parts: readonly Uint8Array[]): string {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return decodeUtf8(whole);
}

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
   * Sends a datagram, a packet, a netlink message, or octets of a stream. `answer` (streams): call handler.sent() when
   * everything up to here is in the kernel's hands. What cannot be sent is told to handler.failed().
   */
  send(bytes: Uint8Array, target: SendTarget = {}, answer = false): void {
    if (this.closing || this.ended) return;
    const addressed = this.kind === 'raw6-send' || this.kind === 'udp6';
    const stream = this.kind === 'unix-connect';
    const room = addressed ? SEND_MAX - TARGET_OCTETS : SEND_MAX;
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
  private readonly requests = new Map<number, Running>();
  private waiting: Uint8Array[] = [];
  private waitingOctets = 0;
  private lastRequest = 0;
  private lastRun: Promise<unknown> = Promise.resolve();

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

  /** Runs a program of the helper's list, which is `nft -f -`; one after the other. Never rejects. */
  run(program: 'nft', args: readonly string[], stdin: string): Promise<RunResult> {
    const result = this.lastRun.then(() => this.runNow([program, ...args], encodeUtf8(stdin)));
    this.lastRun = result;
    return result;
  }

  /** Writes a kernel setting of the helper's list, e.g. `net/ipv6/conf/all/forwarding`. Rejects with the reason. */
  sysctl(name: string, value: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const id = this.startRequest((status, reason) =>
        status === 0 ? resolve() : reject(new Error(`sysctl ${name}: ${reason}`)),
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

  private startRequest(finish: Running['finish']): number {
    do this.lastRequest = (this.lastRequest + 1) & 0xffff;
    while (this.requests.has(this.lastRequest));
    this.requests.set(this.lastRequest, { output: { stdout: [], stderr: [] }, octets: 0, finish });
    return this.lastRequest;
  }

  private runNow(words: readonly string[], input: Uint8Array): Promise<RunResult> {
    return new Promise(resolve => {
      const id = this.startRequest((status, reason) => {
        const { stdout, stderr } = running.output;
        resolve({ status, stdout: join(stdout), stderr: join(stderr) + reason });
      });
      const running = this.requests.get(id)!;
      const room = SEND_MAX - 2 - words.reduce((sum, word) => sum + 3 * word.length + 1, 0);
      let at = 0;
      do {
        const part = input.subarray(at, at + room);
        const first = at === 0;
        at += part.length;
        this.request({
          type: 'run',
          id,
          arguments: first ? words : [],
          input: part,
          more: at < input.length,
        });
      } while (at < input.length);
    });
  }

  private frame(frame: Uint8Array): void {
    const report = parseReport(frame);
    if (!report) this.brokenFrames++;
    else if (report.type === 'signal') this.onSignal(report.number);
    else if (report.type === 'output' || report.type === 'done') this.requestReport(report);
    else this.socketReport(report);
  }

  private requestReport(report: Report & { type: 'output' | 'done' }): void {
    const running = this.requests.get(report.id);
    if (!running) return;
    if (report.type === 'done') {
      this.requests.delete(report.id);
      running.finish(report.status, report.reason);
    } else if (running.octets + report.bytes.length <= OUTPUT_MAX) {
      running.octets += report.bytes.length;
      running.output[report.stream].push(report.bytes);
    }
  }

  private socketReport(report: Exclude<Report, { type: 'output' | 'done' | 'signal' }>): void {
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
        handler.opened?.(report.port);
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
