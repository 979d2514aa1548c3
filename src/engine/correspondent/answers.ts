/** What a correspondent says, as whole packets. */
import type { Address } from '../../wire/address.ts';
import { authorizedPart, withAuthenticator } from '../../wire/authentication.ts';
import type { BindingUpdate, MessageOfKind } from '../../wire/mobility-message.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import {
  emitMobilityPacket,
  type MobilityPacket,
  type ReceivedMobility,
} from '../../wire/mobility-packet.ts';
import { UNKNOWN_BINDING } from '../binding-error.ts';
import type { Dialect } from '../identifiers/dialect.ts';
import { bindingAuthenticator } from '../return-routability.ts';
import type { Proven } from './admission.ts';
import type { Binding } from './binding-cache.ts';
import type { Nonces } from './nonces.ts';

const AUTHENTICATOR_LENGTH = 12;

/** Home Test or Care-of Test (RFC 6275 §9.4.3, §9.4.4): back where the question came from, nothing is remembered. */
export function emitTest(
  { source, destination }: ReceivedMobility,
  question: MessageOfKind<'home-test-init' | 'care-of-test-init'>,
  nonces: Nonces,
  { codec, identifiers }: Dialect,
  now: number,
): Uint8Array {
  const nonce = nonces.current(now);
  const fields = { nonceIndex: nonce.index, cookie: question.cookie };
  const message =
    question.kind === 'home-test-init'
      ? {
          kind: 'home-test' as const,
          ...fields,
          keygenToken: nonces.homeToken(source, nonce),
          options: [],
        }
      : {
          kind: 'care-of-test' as const,
          ...fields,
          keygenToken: nonces.careOfToken(source, nonce),
          options: identifiers.read(question.options).map(({ bid }) => identifiers.naming(bid)),
        };
  return emitMobilityPacket({ source: destination, destination: source, message }, codec);
}

export interface AcknowledgementFields {
  readonly status: number;
  readonly sequence: number;
  /** Seconds granted. */
  readonly lifetime: number;
  /** Whether identifiers come back. */
  readonly identified: boolean;
  /** A binding without identifier had to go for this one. */
  readonly replacedRegular?: boolean;
  /** What is to be said about flow bindings. */
  readonly flows?: readonly MobilityOption[];
}

/**
 * RFC 6275 §9.5.4, RFC 5648 §6.2: signed unless the nonces, or the lack of any, forbid it.
 * @param proven undefined: unsigned
 */
export function emitAcknowledgement(
  received: ReceivedMobility,
  update: BindingUpdate,
  proven: Proven | undefined,
  { status, sequence, lifetime, identified, replacedRegular = false, flows = [] }: AcknowledgementFields,
  { codec, identifiers }: Dialect,
): Uint8Array {
  // The status stands in the message, never in an option of RFC 5648 (§6.2).
  const decision = { status, replacedRegular, statusOf: () => 0 };
  const answer = identifiers.answer(identified ? update.options : [], decision);
  const options: MobilityOption[] = [...answer.options, ...flows];
  if (proven !== undefined) {
    const authenticator = new Uint8Array(AUTHENTICATOR_LENGTH);
    options.push({ kind: 'binding-authorization-data', authenticator });
  }
  const packet: MobilityPacket = {
    source: received.destination,
    destination: received.source,
    routingHome: received.homeAddress,
    message: {
      kind: 'binding-acknowledgement',
      status: answer.status,
      keyManagement: false,
      sequence,
      lifetime,
      options,
    },
  };
  if (proven === undefined) return emitMobilityPacket(packet, codec);
  const bound = proven.deletes ? proven.homeAddress : proven.careOfAddress;
  return withAuthenticator(
    packet,
    covered => bindingAuthenticator(proven.hmac, bound, received.destination, covered),
    authorizedPart,
    codec,
  );
}

/** To the home address, without routing header (RFC 6275 §9.5.5, §6.1.2, RFC 5648 §6.4). */
export function emitRefreshRequest({ peer, bid }: Binding, { codec, identifiers }: Dialect): Uint8Array {
  const options: MobilityOption[] = bid === 0 ? [] : [identifiers.naming(bid)];
  const packet: MobilityPacket = {
    source: peer.ownAddress,
    destination: peer.homeAddress,
    message: { kind: 'binding-refresh-request', options },
  };
  return emitMobilityPacket(packet, codec);
}

/** The answer to a Home Address option that no binding covers (RFC 6275 §9.3.1, §9.3.3). */
export function emitUnknownBinding(source: Address, destination: Address, homeAddress: Address): Uint8Array {
  return emitMobilityPacket({
    source: destination,
    destination: source,
    message: { kind: 'binding-error', status: UNKNOWN_BINDING, homeAddress, options: [] },
  });
}
