/**
 * What an admitted Binding Update asks for, and whether the node may have it (RFC 6275 §10.3, RFC 3963 §6.2,
 * RFC 5648 §6.2): a plan that is either refused as a whole or carried out binding by binding.
 */
import type { Address, Prefix } from '../../wire/address.ts';
import {
  ADDRESS_LENGTH,
  equalAddress,
  isGlobalUnicast,
  prefixContains,
  prefixCovers,
} from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { overwrites } from '../../wire/messages/binding-update.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { findOption, isMalformed } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { BindingUpdate } from './admission.ts';
import { homeAddressOf } from './admission.ts';
import type { MobileNode } from './mobile-node.ts';

export type IdentifierOption = Extract<MobilityOption, { kind: 'binding-identifier' }>;

/** Option types that are answered with a status when their contents are wrong. */
const MOBILE_NETWORK_PREFIX = 6;
const BINDING_IDENTIFIER = 35;

export interface BindingRequest {
  readonly bid: number;
  readonly careOfAddress: Address;
  /** The node is on its home link as well (RFC 5648 §5.6): the care-of address is the home address. */
  readonly home: boolean;
  readonly priority: number;
  /** Below 128 accepted, otherwise why this one binding is refused. */
  readonly status: number;
}

export type Plan =
  | { readonly kind: 'refuse'; readonly status: number }
  | { readonly kind: 'remove'; readonly bids: readonly number[] | 'all' }
  | {
      readonly kind: 'register';
      readonly requests: readonly BindingRequest[];
      /** Bindings without a request in this message go. */
      readonly replace: boolean;
      readonly prefixes: readonly Prefix[];
    };

/** @param homeStatus what a binding with the H flag (RFC 5648 §4.1) is answered with, if nothing else is wrong with it */
export function planRegistration(
  received: ReceivedMobility,
  message: BindingUpdate,
  node: MobileNode,
  homeStatus: number = STATUS.simultaneousHomeProhibited,
): Plan {
  if (message.options.some(option => isMalformed(option) && option.type === BINDING_IDENTIFIER)) {
    return { kind: 'refuse', status: STATUS.mcoaMalformed };
  }
  const identifiers = message.options.filter(option => option.kind === 'binding-identifier');
  const atHome =
    identifiers.length === 0 && equalAddress(careOfAddress(received, message), homeAddressOf(received));
  if (message.lifetime === 0 || atHome) return planRemoval(node, identifiers);
  // RFC 6275 §10.3.1, RFC 5648 §5.6.3: only what is said on the home link may come without a Home Address option.
  const saysHome = identifiers.some(option => option.home);
  if (received.homeAddress === undefined && !saysHome) return { kind: 'refuse', status: STATUS.unspecified };
  const prefixes = authorisedPrefixes(message, node);
  if (typeof prefixes === 'number') return { kind: 'refuse', status: prefixes };
  if (node.bindings.size > 0 && node.mobileRouter !== (message.mobileRouter === true)) {
    return { kind: 'refuse', status: STATUS.registrationTypeChange };
  }
  if (identifiers.length === 0) {
    const address = careOfAddress(received, message);
    if (!isValidCareOfAddress(address, node)) return { kind: 'refuse', status: STATUS.invalidCareOfAddress };
    const request = { bid: 0, careOfAddress: address, home: false, priority: 0, status: 0 };
    return { kind: 'register', requests: [request], replace: true, prefixes };
  }
  const replace = overwrites(message);
  if (!replace && node.bindings.has(0)) return { kind: 'refuse', status: STATUS.nonMcoaBindingExists };
  const home = identifiers.find(option => option.home);
  const requests = identifiers.map(option =>
    option.home
      ? planHomeBinding(option, node, option === home ? homeStatus : STATUS.mcoaMalformed)
      : planBinding(option, node),
  );
  const kept = replace
    ? 0
    : [...node.bindings.keys()].filter(bid => !requests.some(r => r.bid === bid)).length;
  if (kept + requests.length > node.peer.maxBindings)
    return { kind: 'refuse', status: STATUS.insufficientResources };
  return { kind: 'register', requests, replace, prefixes };
}

/** RFC 6275 §9.5.1. */
function careOfAddress(received: ReceivedMobility, message: BindingUpdate): Address {
  return findOption(message.options, 'alternate-care-of-address')?.address ?? received.source;
}

function planRemoval(node: MobileNode, identifiers: readonly IdentifierOption[]): Plan {
  if (node.bindings.size === 0) return { kind: 'refuse', status: STATUS.notHomeAgent };
  if (identifiers.length === 0) return { kind: 'remove', bids: 'all' };
  const bids = identifiers.map(({ bid }) => bid);
  if (!bids.every(bid => node.bindings.has(bid))) return { kind: 'refuse', status: STATUS.notHomeAgent };
  return { kind: 'remove', bids };
}

function planBinding(option: IdentifierOption, node: MobileNode): BindingRequest {
  const { bid, priority } = option;
  const existing = node.bindings.get(bid);
  const address = option.careOfAddress ?? existing?.careOfAddress;
  const request = { bid, priority, home: false, careOfAddress: address ?? node.peer.homeAddress };
  if (bid === 0) return { ...request, status: STATUS.mcoaMalformed };
  if (address === undefined) return { ...request, status: STATUS.mcoaUnknownCareOfAddress };
  if (!isValidCareOfAddress(address, node)) return { ...request, status: STATUS.mcoaMalformed };
  return { ...request, status: STATUS.accepted };
}

/** RFC 5648 §5.6.3: one at a time, and its care-of address is the home address. */
function planHomeBinding(
  { bid, priority, careOfAddress: named }: IdentifierOption,
  { peer: { homeAddress: careOfAddress } }: MobileNode,
  homeStatus: number,
): BindingRequest {
  const isWrong = bid === 0 || (named !== undefined && !isSame(named, careOfAddress));
  const status = isWrong && homeStatus < 128 ? STATUS.mcoaMalformed : homeStatus;
  return { bid, priority, home: true, careOfAddress, status };
}

const isSame = (a: Address, b: Address): boolean => a.length === b.length && equalAddress(a, b);

/** A care-of address inside the node's own network would make its tunnel run through itself. */
function isValidCareOfAddress(address: Address, node: MobileNode): boolean {
  if (address.length !== ADDRESS_LENGTH || !isGlobalUnicast(address)) return false;
  if (equalAddress(address, node.peer.homeAddress)) return false;
  return !node.peer.prefixes.some(prefix => prefixContains(prefix, address));
}

/** The prefixes to forward, or the status to refuse with (RFC 3963 §6.2). */
function authorisedPrefixes(message: BindingUpdate, node: MobileNode): readonly Prefix[] | number {
  if (!message.mobileRouter) return [];
  const { prefixes: configured } = node.peer;
  if (message.options.some(option => isMalformed(option) && option.type === MOBILE_NETWORK_PREFIX)) {
    return STATUS.invalidPrefix;
  }
  const asked = message.options.flatMap(option =>
    option.kind === 'mobile-network-prefix' ? [option.prefix] : [],
  );
  if (asked.length === 0) return configured.length > 0 ? configured : STATUS.forwardingSetupFailed;
  if (asked.some(prefix => prefix.length === 0 || !isGlobalUnicast(prefix.address)))
    return STATUS.invalidPrefix;
  const authorised = asked.every(prefix => configured.some(own => prefixCovers(own, prefix)));
  return authorised ? asked : STATUS.notAuthorizedForPrefix;
}
