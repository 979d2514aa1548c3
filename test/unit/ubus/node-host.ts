/** The client's host under Node: a unix socket and timers. */
import { connect } from 'node:net';
import type { UbusHost } from '../../../src/ubus/client.ts';

export function nodeHost(path: string): UbusHost {
  return {
    connect(handler) {
      const socket = connect(path);
      let ended = false;
      const end = () => {
        if (!ended) handler.closed();
        ended = true;
      };
      socket.on('data', data => {
        if (!ended) handler.received(new Uint8Array(data));
      });
      socket.on('close', end);
      socket.on('error', end);
      return {
        send: octets => void socket.write(octets),
        close() {
          ended = true;
          socket.destroy();
        },
      };
    },
    schedule(delay, action) {
      const timer = setTimeout(action, delay);
      return () => clearTimeout(timer);
    },
  };
}
