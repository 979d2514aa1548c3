/**
 * What an admitted Binding Update asks of a correspondent, and whether it may have it (RFC 6275 §9.5.2, §9.5.3, RFC 5648
 * §6.2): a plan that is either refused as a whole or carried out.
 */

import type { CorrespondentConfig } from '../../uci/types.ts';
import { ADDRESS_LENGTH, isGlobalUnicast, prefixContains } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { overwrites } from '../../wire/messages/binding-update.ts';
import type { BindingUpdate } from '../../wire/mobility-message.ts';
import { isMalformed, type OptionOfKind } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { Proven } from './admission.ts';
import type { BindingCache, Peer, Registration } from './binding-cache.ts';

const BINDING_IDENTIFIER = 35;
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
): Plan {
  const { homeAddress, careOfAddress } = proven;
  if (!isAllowed(proven, config)) return { kind: 'refuse', status: STATUS.administrativelyProhibited };
  const identifiers = config.multiple ? identifiersOf(message) : [];
  const fault = identifierFault(identifiers, message, config);
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
  const replacesAll = identifier === undefined || overwrites(message);
  if (identifier !== undefined) {
    if (!replacesAll && bound.includes(0)) return { kind: 'refuse', status: STATUS.nonMcoaBindingExists };
    if (identifier.careOfAddress === undefined && !bound.includes(bid)) {
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

function identifiersOf({ options }: BindingUpdate): OptionOfKind<'binding-identifier'>[] {
  return options.filter(option => option.kind === 'binding-identifier');
}

function isAllowed({ homeAddress }: Proven, { mobileNodes }: CorrespondentConfig): boolean {
  return mobileNodes.length === 0 || mobileNodes.some(prefix => prefixContains(prefix, homeAddress));
}

/** The status that RFC 5648 §6.2 has for options that cannot be used. */
function identifierFault(
  identifiers: readonly OptionOfKind<'binding-identifier'>[],
  { options }: BindingUpdate,
  { multiple }: CorrespondentConfig,
): number | undefined {
  const malformed = options.some(option => isMalformed(option) && option.type === BINDING_IDENTIFIER);
  if (multiple && malformed) return STATUS.mcoaMalformed;
  // One message can prove one care-of address.
  if (identifiers.length > 1) return STATUS.bulkProhibited;
  const wrong = identifiers.some(({ bid, careOfAddress }) => {
    if (bid === 0) return true;
    return (
      careOfAddress !== undefined &&
      (careOfAddress.length !== ADDRESS_LENGTH || !isGlobalUnicast(careOfAddress))
    );
  });
  return wrong ? STATUS.mcoaMalformed : undefined;
}

/** Without identifier all bindings go, and that there are none is no fault (RFC 6275 §9.5.3). */
function planRemoval(peer: Peer | undefined, bid: number | undefined): Plan {
  if (bid === undefined) return { kind: 'remove', bids: [...(peer?.bindings.keys() ?? [])] };
  if (peer?.bindings.has(bid) !== true) return { kind: 'refuse', status: STATUS.notHomeAgent };
  return { kind: 'remove', bids: [bid] };
}
