/** What the daemon answers over its control socket. */
import type { DiffReport, ForwardingChange } from '../engine/status.ts';
import type { JsonObject } from '../engine/types.ts';
import { changeText } from '../forwarding/change-text.ts';
import type { Change } from '../forwarding/diff.ts';
import type { Responder } from '../host/control-socket.ts';
import { equalAddress, formatAddress, parseAddress } from '../wire/address.ts';
import type { Daemon } from './daemon.ts';

/** Seconds. */
const DAY = 86_400;

export function answerRequest(daemon: Daemon, request: JsonObject, responder: Responder): void {
  switch (request.command) {
    case 'status':
      succeed(responder, daemon.status() as unknown as JsonObject);
      break;
    case 'diff':
      succeed(responder, reportDiff(daemon.reconciler.pending()) as unknown as JsonObject);
      break;
    case 'prefer':
      prefer(daemon, request.uplink, responder);
      break;
    case 'home-agent':
      useHomeAgent(daemon, request.address, responder);
      break;
    case 'history':
      history(daemon, request.span, responder);
      break;
    case 'monitor':
      monitor(daemon, responder);
      break;
    default:
      refuse(responder, 'unknown command');
  }
}

function prefer(daemon: Daemon, uplink: unknown, responder: Responder): void {
  const names = daemon.uplinkNames();
  if (uplink !== null && !(typeof uplink === 'string' && names.includes(uplink))) {
    refuse(
      responder,
      names.length > 0 ? `no such uplink; there are ${names.join(', ')}` : 'there are no uplinks',
    );
    return;
  }
  daemon.prefer(uplink ?? undefined);
  succeed(responder, {});
}

function useHomeAgent(daemon: Daemon, text: unknown, responder: Responder): void {
  const known = daemon.homeAgents();
  const wanted = typeof text === 'string' ? parseAddress(text) : undefined;
  const address = known.find(candidate => wanted !== undefined && equalAddress(candidate, wanted));
  if (known.length === 0 || (text !== null && address === undefined)) {
    refuse(
      responder,
      known.length > 0
        ? `no such home agent; there are ${known.map(formatAddress).join(', ')}`
        : 'there are no home agents',
    );
    return;
  }
  daemon.useHomeAgent(address);
  succeed(responder, {});
}

/** @param span seconds, a day unless stated */
function history(daemon: Daemon, span: unknown = DAY, responder: Responder): void {
  if (typeof span === 'number' && span > 0)
    succeed(responder, daemon.history.report(span) as unknown as JsonObject);
  else refuse(responder, "'span' is a number of seconds");
}

function monitor(daemon: Daemon, responder: Responder): void {
  const listener: Parameters<typeof daemon.listeners.add>[0] = event => {
    responder.event({ event: event as unknown as JsonObject });
  };
  daemon.listeners.add(listener);
  responder.onGone = () => daemon.listeners.delete(listener);
}

function reportDiff(changes: readonly Change[]): DiffReport {
  return {
    changes: changes.flatMap(change => changeText(change).map(text => ({ ...kindOf(change), text }))),
  };
}

const ACTIONS: Readonly<Record<string, ForwardingChange['action']>> = {
  add: 'add',
  delete: 'remove',
  change: 'change',
  replace: 'change',
};

function kindOf({ kind }: Change): Pick<ForwardingChange, 'action' | 'kind'> {
  const [what, how] = kind.split('-');
  return { action: ACTIONS[how!]!, kind: what as ForwardingChange['kind'] };
}

function succeed(responder: Responder, result: JsonObject): void {
  responder.line({ ok: true, result });
  responder.end();
}

function refuse(responder: Responder, error: string): void {
  responder.line({ ok: false, error });
  responder.end();
}
