/** The MN-HA mobility message authentication option (RFC 4285 §5.1). */
import type { Rfc4285Auth } from '../uci/types.ts';
import type { Address } from '../wire/address.ts';
import { authenticatedPart, withAuthenticator } from '../wire/authentication.ts';
import type { MobilityCodec } from '../wire/mobility-header.ts';
import type { MobilityOption } from '../wire/mobility-option.ts';
import { findOption } from '../wire/mobility-option.ts';
import type { MobilityPacket, ReceivedMobility } from '../wire/mobility-packet.ts';
import { type CreateHmac, createHmac, type Hmac } from './hmac.ts';

/** Octets of authentication data: First(96, HMAC_SHA1(...)). */
const AUTHENTICATOR_LENGTH = 12;
const MN_HA_SUBTYPE = 1;

export type Verdict =
  | 'authentic'
  /** No MN-HA authentication option, or one that is not the last option. */
  | 'unsigned'
  /** Another SPI: no security association for this message. */
  | 'unknown-spi'
  | 'forged';

/** A shared-key mobility security association between a mobile node and its home agent. */
export class SecurityAssociation {
  readonly spi: number;
  readonly #hmac: Hmac;

  constructor(auth: Rfc4285Auth, create: CreateHmac = createHmac) {
    this.spi = auth.spi;
    this.#hmac = create('sha1', auth.key);
  }

  /**
   * Emits the packet with a valid authentication option as its last mobility option.
   * @param careOfAddress the first part of the Mobility Data of RFC 4285 §5.1
   */
  sign(
    packet: MobilityPacket,
    careOfAddress: Address,
    homeAddress: Address,
    codec?: MobilityCodec,
  ): Uint8Array {
    const placeholder: MobilityOption = {
      kind: 'authentication',
      subtype: MN_HA_SUBTYPE,
      spi: this.spi,
      data: new Uint8Array(AUTHENTICATOR_LENGTH),
    };
    const { message } = packet;
    if (message.kind === 'opaque') throw new TypeError('an opaque message carries no options');
    const unsigned = { ...packet, message: { ...message, options: [...message.options, placeholder] } };
    const authenticator = (covered: Uint8Array) => this.authenticator(careOfAddress, homeAddress, covered);
    return withAuthenticator(unsigned, authenticator, authenticatedPart, codec);
  }

  /**
   * RFC 4285 does not say which care-of address goes into the Mobility Data when a message names several, so the
   * caller lists the ones that the sender may have used. The message itself is covered in every case.
   */
  verify(received: ReceivedMobility, careOfAddresses: readonly Address[], homeAddress: Address): Verdict {
    const { message, header } = received;
    if (message.kind === 'opaque') return 'unsigned';
    const option = findOption(message.options, 'authentication');
    if (option === undefined || option !== message.options.at(-1) || option.subtype !== MN_HA_SUBTYPE) {
      return 'unsigned';
    }
    if (option.spi !== this.spi) return 'unknown-spi';
    const part = authenticatedPart(header);
    if (part === undefined) return 'unsigned';
    for (const careOfAddress of careOfAddresses) {
      if (equalConstantTime(option.data, this.authenticator(careOfAddress, homeAddress, part.covered))) {
        return 'authentic';
      }
    }
    return 'forged';
  }

  /** First(96, HMAC_SHA1(key, care-of address | home address | covered part of the Mobility Header)). */
  authenticator(careOfAddress: Address, homeAddress: Address, covered: Uint8Array): Uint8Array {
    return this.#hmac(careOfAddress, homeAddress, covered).subarray(0, AUTHENTICATOR_LENGTH);
  }
}

/** Takes the same time wherever the first difference is. */
export function equalConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
