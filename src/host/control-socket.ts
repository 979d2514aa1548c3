/**
 * The control socket: JSON lines over a unix stream. A client connects, sends one request (one line, one object), gets
 * one or more lines (objects) and then the end. `monitor` is a request whose answer does not end.
 */
import type { JsonObject } from '../engine/types.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import type { Helper, Socket, SocketHandler } from './helper.ts';
import { LineSplitter } from './line-splitter.ts';

const REQUEST_MAX = 16 * 1024;
const ANSWER_LINE_MAX = 16 * 1024 * 1024;
const CONNECTIONS_MAX = 32;
/** Characters that are handed to the helper at a time; the next follow when the client has taken them. */
const BATCH = 16 * 1024;
/** Characters of events that may wait for a slow client. */
const EVENTS_MAX = 64 * 1024;

/** The daemon's side of one request. */
export interface Responder {
  /** User id of the client. */
  readonly user: number;
  /** Adds a line to the answer. */
  line(value: JsonObject): void;
  /** Adds a line unless too much waits for the client already; then it is dropped and false returned. */
  event(value: JsonObject): boolean;
  /** Ends the answer, after what was added. */
  end(): void;
  /** Called when the client goes away before end(). */
  onGone: () => void;
}

class Connection implements Responder {
  readonly user: number;
  onGone: () => void = () => {};
  private readonly socket: Socket;
  private waiting: string[] = [];
  private characters = 0;
  private sending = false;
  private ending = false;
  private ended = false;
  private readonly onEnd: () => void;

  /** `onEnd` is called once, when the connection needs no place any more. */
  constructor(socket: Socket, user: number, onEnd: () => void) {
    this.socket = socket;
    this.user = user;
    this.onEnd = onEnd;
  }

  line(value: JsonObject): void {
    const text = `${JSON.stringify(value)}\n`;
    this.waiting.push(...pieces(text));
    this.characters += text.length;
    this.pump();
  }

  event(value: JsonObject): boolean {
    if (this.characters > EVENTS_MAX) return false;
    this.line(value);
    return true;
  }

  end(): void {
    this.ending = true;
    this.pump();
  }

  /** The client has taken what was sent. */
  taken(): void {
    this.sending = false;
    this.pump();
  }

  /** The client went away, or cannot be reached. */
  gone(): void {
    if (this.ended) return;
    this.ended = true;
    this.socket.close();
    this.onEnd();
    this.onGone();
  }

  private pump(): void {
    if (this.sending || this.ended) return;
    if (this.waiting.length === 0) {
      if (this.ending && !this.ended) {
        this.ended = true;
        this.socket.close();
        this.onEnd();
      }
      return;
    }
    let count = 0;
    let length = 0;
    while (count < this.waiting.length && length < BATCH) length += this.waiting[count++]!.length;
    this.characters -= length;
    this.sending = true;
    this.socket.send(encodeUtf8(this.waiting.splice(0, count).join('')), {}, true);
  }
}

/** Cuts a text into parts of about BATCH characters, never between surrogates. */
function pieces(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += parts.at(-1)!.length) {
    const isPair = text.codePointAt(at + BATCH - 1)! > 0xffff;
    parts.push(text.slice(at, at + BATCH + (isPair ? 1 : 0)));
  }
  return parts;
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Hears of one connection: takes one line, then only waits for the client to take the answer or to go. */
function connectionHandler(
  connection: Connection,
  onRequest: (request: JsonObject, responder: Responder) => void,
): SocketHandler {
  const lines = new LineSplitter(REQUEST_MAX);
  let asked = false;
  return {
    received(message) {
      if (asked) return;
      const complete = lines.push(message.bytes);
      if (complete?.length === 0) return;
      asked = true;
      const request = complete && parseObject(complete[0]!);
      if (request) {
        onRequest(request, connection);
      } else {
        connection.line({ error: complete ? 'the request is no JSON object' : 'the request is too long' });
        connection.end();
      }
    },
    sent: () => connection.taken(),
    failed: () => connection.gone(),
    closed: () => connection.gone(),
  };
}

/**
 * Serves the control socket. `onRequest` answers at once or later by the responder. `failed` hears why there is no
 * control socket (any more).
 */
export function serveControl(
  helper: Helper,
  path: string,
  onRequest: (request: JsonObject, responder: Responder) => void,
  failed: (reason: string) => void,
): Socket {
  let connections = 0;
  return helper.open(
    { kind: 'unix-listen', path },
    {
      received() {},
      failed: reason => failed(`${path}: ${reason}`),
      accepted(socket, user) {
        connections++;
        const connection = new Connection(socket, user, () => connections--);
        const handler = connectionHandler(connection, onRequest);
        if (connections > CONNECTIONS_MAX) {
          connection.line({ error: 'too many connections' });
          connection.end();
        }
        return handler;
      },
    },
  );
}

/**
 * Asks the daemon: `onLine` gets each object of the answer. Resolves at the end of the answer, rejects with the reason
 * when the daemon cannot be reached or says what is no JSON object.
 */
export function requestControl(
  helper: Helper,
  path: string,
  request: JsonObject,
  onLine: (value: JsonObject) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = new LineSplitter(ANSWER_LINE_MAX);
    const refuse = (reason: string) => {
      socket.close();
      reject(new Error(`${path}: ${reason}`));
    };
    const socket = helper.open(
      { kind: 'unix-connect', path },
      {
        received(message) {
          for (const line of lines.push(message.bytes) ?? ['']) {
            const value = parseObject(line);
            if (!value) return refuse('the answer makes no sense');
            onLine(value);
          }
        },
        failed: refuse,
        closed: resolve,
      },
    );
    socket.send(encodeUtf8(`${JSON.stringify(request)}\n`));
  });
}
