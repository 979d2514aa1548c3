/** The Binding Acknowledgements that a home agent sends back. */

import { STATUS } from '../../wire/binding-status.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { MobilityPacket, ReceivedMobility } from '../../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../../wire/mobility-packet.ts';
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
  const base: MobilityPacket = {
    source: received.destination,
    destination: received.source,
    message: {
      kind: 'binding-acknowledgement',
      status,
      keyManagement: false,
      mobileRouter: update.mobileRouter && status < 128,
      sequence: status === STATUS.sequenceOutOfWindow ? (node.sequence ?? update.sequence) : update.sequence,
      lifetime,
      options: [...identifierOptions(update, fields), ...timestampOption(update, status, now)],
    },
  };
  // RFC 6275 §9.5.4: no routing header when the update came from the home address itself.
  const packet = received.homeAddress === undefined ? base : { ...base, routingHome: received.homeAddress };
  if (node.association === undefined) return emitMobilityPacket(packet);
  return node.association.sign(packet, received.source, node.peer.homeAddress);
}

/** All identifiers of the update come back; the care-of address may be left out (RFC 5648 §6.2). */
function identifierOptions(update: BindingUpdate, fields: AcknowledgementFields): MobilityOption[] {
  return update.options.flatMap(option => {
    if (option.kind !== 'binding-identifier') return [];
    const own = fields.requests.find(request => request.bid === option.bid)?.status ?? 0;
    return [{ ...option, careOfAddress: undefined, status: own }];
  });
}

/** RFC 4285 §6: echoed, but with our own seconds when it was not acceptable. */
function timestampOption(update: BindingUpdate, status: number, now: Now): MobilityOption[] {
  const option = findOption(update.options, 'message-id');
  if (option === undefined) return [];
  if (status !== STATUS.idMismatch) return [option];
  return [{ ...option, seconds: timestampFromWall(now.wall).seconds }];
}
