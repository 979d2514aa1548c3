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
import { findOption, isMalformed } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { Identifier } from '../identifiers/form.ts';
import type { BindingUpdate } from './admission.ts';
import { homeAddressOf } from './admission.ts';
import type { MobileNode } from './mobile-node.ts';

/** Option type that is answered with a status when its contents are wrong. */
const MOBILE_NETWORK_PREFIX = 6;

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
      /** BIDs of bindings that go meanwhile. */
      readonly removals: readonly number[];
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
  const { draft } = node.dialect.identifiers;
  const identifiers = identifiersOf(message, node);
  // The draft answers each on its own, as far as each asks for something of its own (§6.2).
  if (identifiers.some(({ malformed }) => malformed) && (!draft || message.lifetime === 0)) {
    return { kind: 'refuse', status: STATUS.mcoaMalformed };
  }
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
    return { kind: 'register', requests: [request], removals: [], replace: true, prefixes };
  }
  const prohibited = prohibition(identifiers, node);
  if (prohibited !== undefined) return { kind: 'refuse', status: prohibited };
  const hasRegular = node.bindings.has(0);
  // The draft knows no O flag, and takes the identifiers for what shall be (§6.2).
  const replace = draft ? hasRegular : overwrites(message);
  if (!replace && hasRegular) return { kind: 'refuse', status: STATUS.nonMcoaBindingExists };
  const home = identifiers.find(option => option.home);
  const leaving = identifiers.filter(
    ({ remove, malformed, bid }) => remove && !malformed && node.bindings.has(bid),
  );
  const removals = leaving.map(({ bid }) => bid);
  const open = draft ? careOfAddress(received, message) : undefined;
  const requests = identifiers
    .filter(option => !leaving.includes(option))
    .map(option =>
      option.home
        ? planHomeBinding(option, node, option === home ? homeStatus : STATUS.mcoaMalformed)
        : planBinding(option, node, open),
    );
  const kept = replace
    ? 0
    : [...node.bindings.keys()].filter(bid => !identifiers.some(option => option.bid === bid)).length;
  if (kept + requests.length > node.peer.maxBindings)
    return { kind: 'refuse', status: STATUS.insufficientResources };
  return { kind: 'register', requests, removals, replace, prefixes };
}

function identifiersOf(message: BindingUpdate, { dialect, peer }: MobileNode): readonly Identifier[] {
  return peer.multiple === 'ignored' ? [] : dialect.identifiers.read(message.options);
}

/** The status that the configuration wants several care-of addresses refused with. */
function prohibition(identifiers: readonly Identifier[], { peer, dialect }: MobileNode): number | undefined {
  if (peer.multiple === 'refused') return STATUS.mcoaProhibited;
  if (peer.multiple !== 'single') return undefined;
  // In the draft it is the C flag that makes a bulk registration (§6.2).
  const isBulk =
    identifiers.length > 1 || (dialect.identifiers.draft && identifiers[0]?.careOfAddress !== undefined);
  return isBulk ? STATUS.bulkProhibited : undefined;
}

/** RFC 6275 §9.5.1. */
function careOfAddress(received: ReceivedMobility, message: BindingUpdate): Address {
  return findOption(message.options, 'alternate-care-of-address')?.address ?? received.source;
}

function planRemoval(node: MobileNode, identifiers: readonly Identifier[]): Plan {
  if (node.bindings.size === 0) return { kind: 'refuse', status: STATUS.notHomeAgent };
  if (identifiers.length === 0) return { kind: 'remove', bids: 'all' };
  const bids = identifiers.map(({ bid }) => bid);
  if (!bids.every(bid => node.bindings.has(bid))) return { kind: 'refuse', status: STATUS.notHomeAgent };
  return { kind: 'remove', bids };
}

/** @param open the care-of address of an option that has none; undefined: the one that is bound */
function planBinding(option: Identifier, node: MobileNode, open: Address | undefined): BindingRequest {
  const { bid, priority } = option;
  const address = option.careOfAddress ?? open ?? node.bindings.get(bid)?.careOfAddress;
  const request = { bid, priority, home: false, careOfAddress: address ?? node.peer.homeAddress };
  if (bid === 0 || option.malformed) return { ...request, status: STATUS.mcoaMalformed };
  if (option.remove) return { ...request, status: STATUS.notHomeAgent };
  if (address === undefined) return { ...request, status: STATUS.mcoaUnknownCareOfAddress };
  if (!isValidCareOfAddress(address, node)) return { ...request, status: STATUS.mcoaMalformed };
  return { ...request, status: STATUS.accepted };
}

/** RFC 5648 §5.6.3: one at a time, and its care-of address is the home address. */
function planHomeBinding(
  { bid, priority, careOfAddress: named }: Identifier,
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
  if (node.peer.hostOnly) return STATUS.mobileRouterNotPermitted;
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
