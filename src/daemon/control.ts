/** The control socket's way to the methods of the daemon: `{"command": METHOD, ARGUMENT: value, ...}`, and `monitor`. */
import type { EventReport } from '../engine/status.ts';
import type { JsonObject } from '../engine/types.ts';
import type { Responder } from '../host/control-socket.ts';
import type { Daemon } from './daemon.ts';
import { callMethod } from './methods.ts';

export function answerRequest(daemon: Daemon, request: JsonObject, responder: Responder): void {
  const { command, ...given } = request;
  if (command === 'monitor') {
    monitor(daemon, responder);
    return;
  }
  const answer = callMethod(daemon, String(command), given);
  Promise.resolve(answer).then(said => {
    responder.line(said as JsonObject);
    responder.end();
  });
}

function monitor(daemon: Daemon, responder: Responder): void {
  const listener = (event: EventReport) => {
    responder.event({ event: event as unknown as JsonObject });
  };
  daemon.listeners.add(listener);
  responder.onGone = () => daemon.listeners.delete(listener);
}
