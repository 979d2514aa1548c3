/** The connection to ubusd, over the helper: paced, and never with more waiting than its bounds. */
import type { Connection, ConnectionHandler } from '../ubus/client.ts';
import type { Helper } from './helper.ts';

/** Octets that are handed to the helper at a time; the next follow when ubusd has taken them. */
const BATCH = 16 * 1024;
/** Octets that may wait for ubusd: some of its longest messages. */
const QUEUE_MAX = 4 * 1024 * 1024;

export function connectUbus(helper: Helper, handler: ConnectionHandler): Connection {
  let waiting: Uint8Array[] = [];
  let waitingOctets = 0;
  let sending = false;
  let ended = false;
  const pump = () => {
    const next = waiting[0];
    if (sending || next === undefined) return;
    const part = next.subarray(0, BATCH);
    if (part.length === next.length) waiting.shift();
    else waiting[0] = next.subarray(BATCH);
    waitingOctets -= part.length;
    sending = true;
    socket.send(part, {}, true);
  };
  const close = () => {
    ended = true;
    waiting = [];
    socket.close();
  };
  const fail = () => {
    if (ended) return;
    close();
    handler.closed();
  };
  const socket = helper.open(
    { kind: 'ubus' },
    {
      received: message => handler.received(message.bytes),
      sent() {
        sending = false;
        pump();
      },
      failed: fail,
      closed: fail,
    },
  );
  return {
    send(octets) {
      waiting.push(octets);
      waitingOctets += octets.length;
      if (waitingOctets <= QUEUE_MAX) pump();
      else fail();
    },
    close,
  };
}
