/** Where the MN-HA authentication option (RFC 4285 §5.1) sits in a Mobility Header, and how it is filled in. */
import { CHECKSUM, STANDARD } from './mobility-header.ts';
import { type MobilityPacket, packetAround } from './mobility-packet.ts';
import { authentication } from './options/authentication.ts';
import { PAD1, PADN } from './pad.ts';

const MN_HA = 1;
/** Subtype and SPI. */
const FIXED_LENGTH = authentication.layout.size;

export interface AuthenticatedPart {
  /** "MH Data": the header up to and including the SPI, checksum zero. */
  readonly covered: Uint8Array;
  /** Of the authentication data, in octets from the start of the header. */
  readonly dataOffset: number;
  readonly dataLength: number;
}

/**
 * Finds the MN-HA authentication option of a header that was parsed before. Undefined when there is none, and
 * when an option that it does not protect follows: only padding and other authentication options may
 * (RFC 4285 §5.1).
 */
export function authenticatedPart(header: Uint8Array): AuthenticatedPart | undefined {
  let found: { dataOffset: number; dataLength: number } | undefined;
  let at = STANDARD.optionsOffset(header) ?? header.length;
  while (at < header.length) {
    const type = header[at]!;
    const length = header[at + 1] ?? 0;
    const isMnHa = type === authentication.type && length >= FIXED_LENGTH && header[at + 2] === MN_HA;
    if (isMnHa && found === undefined) {
      found = { dataOffset: at + 2 + FIXED_LENGTH, dataLength: length - FIXED_LENGTH };
    } else if (found !== undefined && (isMnHa || !mayFollow(type))) {
      return undefined;
    }
    at += type === PAD1 ? 1 : 2 + length;
  }
  if (found === undefined || at !== header.length) return undefined;
  const covered = header.slice(0, found.dataOffset);
  covered.fill(0, CHECKSUM, CHECKSUM + 2);
  return { covered, ...found };
}

function mayFollow(type: number): boolean {
  return type === PAD1 || type === PADN || type === authentication.type;
}

/**
 * Emits a packet whose last option is an MN-HA authentication option with as many zero octets of data as the
 * authenticator has, 12 with HMAC-SHA1. `sign` gets the "MH Data" and returns the authenticator.
 * Throws a RangeError when there is no such option or the length differs.
 */
export function withAuthenticator(
  packet: MobilityPacket,
  sign: (covered: Uint8Array) => Uint8Array,
): Uint8Array {
  const header = STANDARD.emit(packet.message);
  const part = authenticatedPart(header);
  if (part === undefined) throw new RangeError('the last option is no MN-HA authentication option');
  const authenticator = sign(part.covered);
  if (authenticator.length !== part.dataLength) {
    throw new RangeError(`an authenticator of ${authenticator.length} octets, not ${part.dataLength}`);
  }
  header.set(authenticator, part.dataOffset);
  return packetAround(header, packet);
}
