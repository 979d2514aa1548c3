/** The Binding Acknowledgements that a home agent sends back. */

import { STATUS } from '../../wire/binding-status.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { MobilityPacket, ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../../wire/mobility-packet.ts';
import { copyOption } from '../copies.ts';
import { timestampFromWall } from '../timestamp.ts';
import type { Now } from '../types.ts';
import type { BindingUpdate } from './admission.ts';
import type { MobileNode } from './mobile-node.ts';
import type { BindingRequest } from './registration.ts';

export interface AcknowledgementFields {
  readonly status: number;
  /** Seconds granted. */
  readonly lifetime: number;
  /** Status of each single binding; empty: all share the message's status. */
  readonly requests: readonly BindingRequest[];
  /** A binding without identifier had to go for them. */
  readonly replacedRegular?: boolean;
  /** What became of the flow bindings (RFC 6089 §5.3.5). */
  readonly flows?: readonly MobilityOption[];
}

/** The whole IPv6 packet (RFC 6275 §9.5.4, RFC 5648 §6.2, RFC 4285 §5-6). */
export function emitAcknowledgement(
  received: ReceivedMobility,
  update: BindingUpdate,
  node: MobileNode,
  fields: AcknowledgementFields,
  now: Now,
): Uint8Array {
  const { status, lifetime } = fields;
  const { codec } = node.dialect;
  const identified = identify(update, node, fields);
  const base: MobilityPacket = {
    source: received.destination,
    destination: received.source,
    message: {
      kind: 'binding-acknowledgement',
      status: identified.status,
      keyManagement: false,
      mobileRouter: update.mobileRouter && status < 128,
      sequence: status === STATUS.sequenceOutOfWindow ? (node.sequence ?? update.sequence) : update.sequence,
      lifetime,
      options: [
        ...identified.options,
        ...(fields.flows ?? []),
        ...(node.copies && status < 128 && lifetime > 0 ? [copyOption(node.peer.homeAddress)] : []),
        ...timestampOption(update, status, now),
      ],
    },
  };
  // RFC 6275 §9.5.4: no routing header when the update came from the home address itself.
  const packet = received.homeAddress === undefined ? base : { ...base, routingHome: received.homeAddress };
  if (node.association === undefined) return emitMobilityPacket(packet, codec);
  return node.association.sign(packet, received.source, node.peer.homeAddress, codec);
}

/** All identifiers of the update come back (RFC 5648 §6.2), unless they were ignored (§6.1). */
function identify(update: BindingUpdate, { dialect, peer }: MobileNode, fields: AcknowledgementFields) {
  const { status, requests, replacedRegular = false } = fields;
  if (peer.multiple === 'ignored') return { status, options: [] };
  const statusOf = (bid: number) => requests.find(request => request.bid === bid)?.status ?? STATUS.accepted;
  return dialect.identifiers.answer(update.options, { status, statusOf, replacedRegular });
}

/** RFC 4285 §6: echoed, but with our own seconds when it was not acceptable. */
function timestampOption(update: BindingUpdate, status: number, now: Now): MobilityOption[] {
  const option = findOption(update.options, 'message-id');
  if (option === undefined) return [];
  if (status !== STATUS.idMismatch) return [option];
  return [{ ...option, seconds: timestampFromWall(now.wall).seconds }];
}
