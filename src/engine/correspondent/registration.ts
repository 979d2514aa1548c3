/**
 * What an admitted Binding Update asks of a correspondent, and whether it may have it (RFC 6275 §9.5.2, §9.5.3, RFC 5648
 * §6.2): a plan that is either refused as a whole or carried out.
 */

import type { CorrespondentConfig } from '../../uci/types.ts';
import { ADDRESS_LENGTH, isGlobalUnicast, prefixContains } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { overwrites } from '../../wire/messages/binding-update.ts';
import type { BindingUpdate } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { Identifier, IdentifierForm } from '../identifiers/form.ts';
import type { Proven } from './admission.ts';
import type { BindingCache, Peer, Registration } from './binding-cache.ts';

/** Seconds (RFC 6275 §12). */
const MAX_RR_BINDING_LIFETIME = 420;
/** Care-of addresses of one home address. */
const MAX_BINDINGS_OF_PEER = 8;

export type Plan =
  | { readonly kind: 'refuse'; readonly status: number }
  | { readonly kind: 'remove'; readonly bids: readonly number[] }
  | {
      readonly kind: 'register';
      readonly registration: Registration;
      /** The bindings that this one takes the place of. */
      readonly replaced: readonly number[];
    };

export function planRegistration(
  received: ReceivedMobility,
  message: BindingUpdate,
  proven: Proven,
  cache: BindingCache,
  config: CorrespondentConfig,
  { draft, read }: IdentifierForm,
): Plan {
  const { homeAddress, careOfAddress } = proven;
  if (!isAllowed(proven, config)) return { kind: 'refuse', status: STATUS.administrativelyProhibited };
  const identifiers = config.multiple ? read(message.options) : [];
  const fault = identifierFault(identifiers, draft);
  if (fault !== undefined) return { kind: 'refuse', status: fault };
  const [identifier] = identifiers;
  const peer = cache.find(received.destination, homeAddress);
  if (proven.deletes) return planRemoval(peer, identifier?.bid);
  // Two nodes that each claim the home address of the other one would send packets round in circles.
  if (cache.find(received.destination, careOfAddress) !== undefined) {
    return { kind: 'refuse', status: STATUS.unspecified };
  }
  const bound = [...(peer?.bindings.keys() ?? [])];
  const bid = identifier?.bid ?? 0;
  // The draft knows no O flag, and takes the identifiers for what shall be (§6.2).
  const replacesAll = identifier === undefined || (draft ? bound.includes(0) : overwrites(message));
  if (identifier !== undefined) {
    if (!replacesAll && bound.includes(0)) return { kind: 'refuse', status: STATUS.nonMcoaBindingExists };
    if (!draft && identifier.careOfAddress === undefined && !bound.includes(bid)) {
      return { kind: 'refuse', status: STATUS.mcoaUnknownCareOfAddress };
    }
  }
  const replaced = replacesAll ? bound.filter(other => other !== bid) : [];
  if (bound.length - replaced.length >= MAX_BINDINGS_OF_PEER && !bound.includes(bid)) {
    return { kind: 'refuse', status: STATUS.insufficientResources };
  }
  const lifetime = Math.min(message.lifetime, MAX_RR_BINDING_LIFETIME);
  const priority = identifier?.priority ?? 0;
  return { kind: 'register', registration: { bid, careOfAddress, priority, lifetime }, replaced };
}

function isAllowed({ homeAddress }: Proven, { mobileNodes }: CorrespondentConfig): boolean {
  return mobileNodes.length === 0 || mobileNodes.some(prefix => prefixContains(prefix, homeAddress));
}

/** The status for identifiers that cannot be used (RFC 5648 §6.2). */
function identifierFault(identifiers: readonly Identifier[], draft: boolean): number | undefined {
  const wrong = identifiers.some(({ bid, malformed, careOfAddress: named }) => {
    const isUsable = named === undefined || (named.length === ADDRESS_LENGTH && isGlobalUnicast(named));
    return bid === 0 || malformed || !isUsable;
  });
  if (wrong) return STATUS.mcoaMalformed;
  // One message can prove one care-of address; in the draft it is the C flag that makes a bulk registration (§6.2).
  const isBulk = identifiers.length > 1 || (draft && identifiers[0]?.careOfAddress !== undefined);
  return isBulk ? STATUS.bulkProhibited : undefined;
}

/** Without identifier all bindings go, and that there are none is no fault (RFC 6275 §9.5.3). */
function planRemoval(peer: Peer | undefined, bid: number | undefined): Plan {
  if (bid === undefined) return { kind: 'remove', bids: [...(peer?.bindings.keys() ?? [])] };
  if (peer?.bindings.has(bid) !== true) return { kind: 'refuse', status: STATUS.notHomeAgent };
  return { kind: 'remove', bids: [bid] };
}
