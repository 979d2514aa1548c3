/**
 * Whether a Binding Update may change anything: who it is about, whether it is authentic and fresh. Pure checks,
 * in the order of RFC 6275 §9.5.1 and RFC 4285 §5-6; nothing is changed before all of them have passed.
 */
import type { Address } from '../../wire/address.ts';
import { isGlobalUnicast } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import type { MobilityMessage } from '../../wire/mobility-message.ts';
import { findOption, type MobilityOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { isNewerSequence } from '../sequence.ts';
import { isLater, timestampDifference, timestampFromWall } from '../timestamp.ts';
import type { Now } from '../types.ts';
import type { BindingCache } from './binding-cache.ts';
import type { MobileNode } from './mobile-node.ts';

export type BindingUpdate = Extract<MobilityMessage, { kind: 'binding-update' }>;

export type Admission =
  | { readonly kind: 'admitted'; readonly node: MobileNode }
  /** Silence is demanded. */
  | { readonly kind: 'discarded'; readonly reason: string }
  /** An answer is demanded, nothing else changes. */
  | {
      readonly kind: 'rejected';
      readonly node: MobileNode;
      readonly status: number;
      readonly reason: string;
    };

/** How far a timestamp may be off the home agent's clock, milliseconds (RFC 4285 §5.1). */
const CLOSE_ENOUGH = 7000;
/** How long a removed binding is remembered, milliseconds (RFC 6275 §12). */
const MAX_DELETE_BCE_TIMEOUT = 10_000;
/** Nonce Indices: must not stand in a home registration (RFC 6275 §9.5.1). */
const NONCE_INDICES = 4;

function isNonceIndices(option: MobilityOption): boolean {
  return option.kind === 'nonce-indices' || (option.kind === 'opaque' && option.type === NONCE_INDICES);
}

export function homeAddressOf(received: ReceivedMobility): Address {
  return received.homeAddress ?? received.source;
}

export function admit(
  received: ReceivedMobility,
  message: BindingUpdate,
  cache: BindingCache,
  now: Now,
): Admission {
  const homeAddress = homeAddressOf(received);
  if (!isGlobalUnicast(homeAddress)) return discarded('home-address-not-routable');
  const node = cache.find(homeAddress);
  if (node === undefined) return discarded('unknown-home-address');
  const authenticity = authenticate(node, received, message, homeAddress);
  if (authenticity !== undefined) return authenticity;
  if (!identifierMatches(node, message)) return discarded('identifier-mismatch');
  if (message.options.some(isNonceIndices)) {
    return discarded('nonce-indices-in-home-registration');
  }
  const replay = checkFreshness(node, message, now);
  if (replay !== undefined) return replay;
  if (!message.homeRegistration) {
    // RFC 3963 §6.2, RFC 6275 §9.5.1: these have an answer; anything else is a matter of correspondents.
    if (message.mobileRouter) {
      return rejected(node, STATUS.mobileRouterNotPermitted, 'router-without-home-registration');
    }
    if (node.bindings.size === 0) return discarded('not-a-home-registration');
    return rejected(node, STATUS.registrationTypeChange, 'home-registration-flag-changed');
  }
  return { kind: 'admitted', node };
}

function authenticate(
  node: MobileNode,
  received: ReceivedMobility,
  message: BindingUpdate,
  homeAddress: Address,
): Admission | undefined {
  if (node.association === undefined) return undefined;
  const alternate = findOption(message.options, 'alternate-care-of-address')?.address;
  const identified = node.dialect.identifiers.read(message.options)[0]?.careOfAddress;
  const careOfAddresses = [received.source, alternate, identified].filter(address => address !== undefined);
  switch (node.association.verify(received, careOfAddresses, homeAddress)) {
    case 'authentic':
      return undefined;
    case 'forged':
      return rejected(node, STATUS.authenticationFailed, 'authentication-failed');
    case 'unsigned':
      return discarded('not-authenticated');
    case 'unknown-spi':
      return discarded('unknown-spi');
  }
}

function identifierMatches(node: MobileNode, message: BindingUpdate): boolean {
  const expected = node.peer.identifier;
  const option = findOption(message.options, 'mn-identifier');
  if (expected === undefined || option === undefined) return true;
  const { identifier } = option;
  return (
    identifier.length === expected.length && identifier.every((octet, i) => octet === expected.charCodeAt(i))
  );
}

function checkFreshness(node: MobileNode, message: BindingUpdate, now: Now): Admission | undefined {
  const { auth } = node.peer;
  if (auth.kind === 'rfc4285' && auth.replay === 'timestamp') {
    // RFC 4285 §7: the sequence number is not used if timestamps are.
    const timestamp = findOption(message.options, 'message-id');
    if (timestamp === undefined) return rejected(node, STATUS.messageIdRequired, 'timestamp-missing');
    const close = Math.abs(timestampDifference(timestamp, timestampFromWall(now.wall))) <= CLOSE_ENOUGH;
    const later = node.timestamp === undefined || isLater(timestamp, node.timestamp);
    if (!close) return rejected(node, STATUS.idMismatch, 'timestamp-off');
    return later ? undefined : rejected(node, STATUS.idMismatch, 'timestamp-replayed');
  }
  const known = isForgotten(node, now) ? undefined : node.sequence;
  const newer = known === undefined || isNewerSequence(message.sequence, known);
  return newer ? undefined : rejected(node, STATUS.sequenceOutOfWindow, 'sequence-out-of-window');
}

/**
 * RFC 6275 §9.5.1: without a binding any sequence number will do, once no delayed Binding Update is on its way any more
 * (§10.3.2). Where the number is what keeps replays away, it counts for ever; status 135 names it.
 */
function isForgotten(node: MobileNode, now: Now): boolean {
  if (node.peer.auth.kind !== 'none' || node.bindings.size > 0) return false;
  return now.monotonic - node.updatedAt >= MAX_DELETE_BCE_TIMEOUT;
}

function discarded(reason: string): Admission {
  return { kind: 'discarded', reason };
}

function rejected(node: MobileNode, status: number, reason: string): Admission {
  return { kind: 'rejected', node, status, reason };
}
