/**
 * Whether a Binding Update may change anything: the checks of RFC 6275 §9.5.1 in their order. Nothing is changed before
 * all of them have passed.
 */
import { ADDRESS_LENGTH, type Address, equalAddress, isGlobalUnicast } from '../../wire/address.ts';
import { authorizedPart } from '../../wire/authentication.ts';
import { STATUS } from '../../wire/binding-status.ts';
import type { BindingUpdate } from '../../wire/mobility-message.ts';
import { findOption } from '../../wire/mobility-option.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { equalConstantTime } from '../authentication.ts';
import type { CreateHmac, Hmac } from '../hmac.ts';
import type { IdentifierForm } from '../identifiers/form.ts';
import { bindingAuthenticator, bindingManagementKey } from '../return-routability.ts';
import { isNewerSequence } from '../sequence.ts';
import type { BindingCache, NonceIndices, Peer } from './binding-cache.ts';
import type { Nonce, Nonces } from './nonces.ts';

const AUTHENTICATOR_LENGTH = 12;

/** A Binding Update whose sender has shown that both addresses are its own. */
export interface Proven {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  /** It asks for no binding: lifetime zero, or the home address for care-of address. */
  readonly deletes: boolean;
  readonly nonces: NonceIndices;
  /** Signs the acknowledgement: HMAC-SHA1 under Kbm. */
  readonly hmac: Hmac;
}

export type Admission =
  | { readonly kind: 'admitted'; readonly proven: Proven }
  /** Silence is demanded. */
  | { readonly kind: 'discarded'; readonly reason: string }
  /** An answer is demanded, nothing else changes; without `proven` there is no key to sign it with. */
  | {
      readonly kind: 'rejected';
      readonly status: number;
      readonly reason: string;
      readonly proven: Proven | undefined;
    };

export interface Examiner {
  readonly nonces: Nonces;
  readonly cache: BindingCache;
  readonly createHmac: CreateHmac;
  readonly identifiers: IdentifierForm;
  /** Whether a home agent on the same host has a binding for the home address. */
  readonly isHomeRegistration: (homeAddress: Address) => boolean;
}

/** @param now monotonic, milliseconds */
export function admit(
  received: ReceivedMobility,
  message: BindingUpdate,
  examiner: Examiner,
  now: number,
): Admission {
  const { cache, identifiers } = examiner;
  const homeAddress = received.homeAddress ?? received.source;
  if (!isGlobalUnicast(homeAddress)) return discarded('home-address-not-routable');
  const peer = cache.find(received.destination, homeAddress);
  const indices = findOption(message.options, 'nonce-indices');
  if (message.homeRegistration) {
    if (indices !== undefined) return discarded('nonce-indices-in-home-registration');
    return peer === undefined
      ? rejected(STATUS.homeRegistrationNotSupported, 'home-registration')
      : rejected(STATUS.registrationTypeChange, 'home-registration-flag-changed');
  }
  if (indices === undefined) return discarded('nonce-indices-missing');
  const careOfAddress = careOfAddressOf(received, message, identifiers, peer);
  if (!isGlobalUnicast(careOfAddress)) return discarded('care-of-address-not-routable');
  const deletes = message.lifetime === 0 || equalAddress(careOfAddress, homeAddress);
  if (!deletes && received.homeAddress === undefined) return discarded('home-address-option-missing');
  const proof = prove(received, { homeAddress, careOfAddress, deletes, nonces: indices }, examiner, now);
  if (proof.kind !== 'admitted') return proof;
  const { proven } = proof;
  if (examiner.isHomeRegistration(homeAddress)) {
    return rejected(STATUS.registrationTypeChange, 'home-registration-flag-changed', proven);
  }
  if (peer !== undefined) {
    const newer = isNewerSequence(message.sequence, peer.sequence);
    return newer ? proof : rejected(STATUS.sequenceOutOfWindow, 'sequence-out-of-window', proven);
  }
  return isReplayed(received, message, proven, examiner, now) ? discarded('replayed') : proof;
}

/**
 * RFC 6275 §9.5.1, RFC 5648 §6.2: an identifier without address means the binding that is there; in the draft (§6.2) it
 * leaves the address to the packet.
 */
function careOfAddressOf(
  received: ReceivedMobility,
  { options }: BindingUpdate,
  { read, draft }: IdentifierForm,
  peer: Peer | undefined,
): Address {
  const [identifier] = read(options);
  const alternate = findOption(options, 'alternate-care-of-address')?.address;
  const bound = draft ? undefined : identifier && peer?.bindings.get(identifier.bid)?.careOfAddress;
  const named = identifier?.careOfAddress;
  // Nobody can have a token for one that is not routable: it is refused when the rest has been proven.
  const own = named?.length === ADDRESS_LENGTH && isGlobalUnicast(named) ? named : undefined;
  return own ?? alternate ?? bound ?? received.source;
}

/** RFC 6275 §5.2.6: the key made anew from the nonces, and what it says about the message. */
function prove(
  received: ReceivedMobility,
  claim: Omit<Proven, 'hmac'>,
  { nonces, createHmac }: Examiner,
  now: number,
): Admission {
  const { homeAddress, careOfAddress, deletes } = claim;
  const part = authorizedPart(received.header);
  // No padding may follow (RFC 6275 §9.5.1), so the authenticator is the end.
  const dataEnd = part && part.dataOffset + part.dataLength;
  if (part?.dataLength !== AUTHENTICATOR_LENGTH || dataEnd !== received.header.length) {
    return discarded('not-authorized');
  }
  const home = nonces.find(claim.nonces.home, now);
  const careOf = deletes ? undefined : nonces.find(claim.nonces.careOf, now);
  if (home === undefined || (careOf === undefined && !deletes)) {
    return rejected(expiryStatus(home, careOf, deletes), 'nonces-expired');
  }
  const homeToken = nonces.homeToken(homeAddress, home);
  const careOfToken = careOf && nonces.careOfToken(careOfAddress, careOf);
  const hmac = createHmac('sha1', bindingManagementKey(homeToken, careOfToken));
  const bound = deletes ? homeAddress : careOfAddress;
  const expected = bindingAuthenticator(hmac, bound, received.destination, part.covered);
  const given = received.header.subarray(part.dataOffset);
  return equalConstantTime(given, expected)
    ? { kind: 'admitted', proven: { ...claim, hmac } }
    : discarded('authentication-failed');
}

/** The care-of nonce index of a deletion does not count. */
function expiryStatus(home: Nonce | undefined, careOf: Nonce | undefined, deletes: boolean): number {
  if (home !== undefined) return STATUS.expiredCareOfNonce;
  return deletes || careOf !== undefined ? STATUS.expiredHomeNonce : STATUS.expiredNonces;
}

/**
 * RFC 6275 §9.5.3: after a deletion the nonces that led to the binding must not lead to it again, and nothing older than
 * the deletion may come from nonces of that time.
 */
function isReplayed(
  received: ReceivedMobility,
  message: BindingUpdate,
  { homeAddress, careOfAddress, deletes, nonces: indices }: Proven,
  { cache, nonces }: Examiner,
  now: number,
): boolean {
  const memory = cache.memory(received.destination, homeAddress, now);
  if (memory === undefined || deletes) return false;
  const { nonces: used, deletedAt, sequence } = memory;
  const samePair = indices.home === used.home && indices.careOf === used.careOf;
  if (samePair && equalAddress(careOfAddress, memory.careOfAddress)) return true;
  const isOld = (index: number) => (nonces.find(index, now)?.madeAt ?? 0) <= deletedAt;
  return isOld(indices.home) && isOld(indices.careOf) && !isNewerSequence(message.sequence, sequence);
}

function discarded(reason: string): Admission {
  return { kind: 'discarded', reason };
}

function rejected(status: number, reason: string, proven?: Proven): Admission {
  return { kind: 'rejected', status, reason, proven };
}
