/**
 * Asks for bindings that end soon and that nobody has refreshed (RFC 6275 §9.5.5, RFC 5648 §6.4,
 * draft-ietf-monami6-multiplecoa-00 §6.4). Times are monotonic, milliseconds.
 */
import type { Address } from '../../wire/address.ts';
import { emitMobilityPacket } from '../../wire/mobility-packet.ts';
import type { Outbox } from '../outbox.ts';
import type { Binding, MobileNode } from './mobile-node.ts';

/** Share of the lifetime that is left when a binding is asked for, and the most time that is. */
const LAST_SHARE = 0.1;
const LONGEST_NOTICE = 60_000;
/** Bindings of a node that end within this time share a request. */
const TOGETHER = 1000;

/** Infinity: it has been asked for already, or its node is at home and no request could come by a tunnel. */
export function askAt({ asked, home, expiresAt, lifetime }: Binding): number {
  if (asked || home) return Number.POSITIVE_INFINITY;
  return expiresAt - Math.min(lifetime * 1000 * LAST_SHARE, LONGEST_NOTICE);
}

/** Asks once, for all bindings of the node that end about then, on the way that its traffic takes. */
export function askFor(homeAgent: Address, node: MobileNode, binding: Binding, outbox: Outbox): void {
  const { codec, identifiers } = node.dialect;
  const due = [...node.bindings.values()].filter(
    other => askAt(other) < Number.POSITIVE_INFINITY && other.expiresAt <= binding.expiresAt + TOGETHER,
  );
  for (const each of due) each.asked = true;
  const careOfAddress = (node.active?.home === false ? node.active : binding).careOfAddress;
  const packet = {
    source: homeAgent,
    destination: careOfAddress,
    routingHome: node.peer.homeAddress,
    message: {
      kind: 'binding-refresh-request',
      options: due.filter(({ bid }) => bid !== 0).map(({ bid }) => identifiers.naming(bid)),
    } as const,
  };
  outbox.send(emitMobilityPacket(packet, codec), careOfAddress);
  outbox.counters.add('refresh-requested');
}
