/** Where the authenticator of a message sits in its Mobility Header, what it covers, and how it is filled in. */
import { CHECKSUM, type MobilityCodec, STANDARD } from './mobility-header.ts';
import { type MobilityPacket, packetAround } from './mobility-packet.ts';
import { authentication } from './options/authentication.ts';
import { bindingAuthorizationData } from './options/binding-authorization-data.ts';
import { PAD1, PADN } from './pad.ts';

const OPTION_HEADER = 2;
const MN_HA = 1;
/** Subtype and SPI. */
const FIXED_LENGTH = authentication.layout.size;

export interface AuthenticatedPart {
  /** "MH Data": what of the header is authenticated, checksum zero. */
  readonly covered: Uint8Array;
  /** Of the authentication data, in octets from the start of the header. */
  readonly dataOffset: number;
  readonly dataLength: number;
}

/** Finds the authenticator of a header that was parsed before; undefined when it is missing or something follows. */
export type FindAuthenticator = (header: Uint8Array) => AuthenticatedPart | undefined;

/**
 * The MN-HA authentication option: "MH Data" end with the SPI. Undefined also when an option that it does not protect
 * follows: only padding and other authentication options may (RFC 4285 §5.1).
 */
export const authenticatedPart: FindAuthenticator = header => {
  const option = lastOption(
    header,
    (type, at) => type === authentication.type && header[at + OPTION_HEADER] === MN_HA,
    authentication.type,
  );
  if (option === undefined) return undefined;
  const dataOffset = option.at + OPTION_HEADER + FIXED_LENGTH;
  if (dataOffset > option.end) return undefined;
  return { covered: coveredBy(header, dataOffset), dataOffset, dataLength: option.end - dataOffset };
};

/** The Binding Authorization Data option: "MH Data" are all but the authenticator itself (RFC 6275 §6.2.7). */
export const authorizedPart: FindAuthenticator = header => {
  const option = lastOption(header, type => type === bindingAuthorizationData.type);
  if (option === undefined) return undefined;
  const dataOffset = option.at + OPTION_HEADER;
  const covered = coveredBy(header, dataOffset, option.end);
  return { covered, dataOffset, dataLength: option.end - dataOffset };
};

/** The only option that is meant, if nothing but padding and options of the type `mayFollow` come after it. */
function lastOption(
  header: Uint8Array,
  isMeant: (type: number, at: number) => boolean,
  mayFollow?: number,
): { at: number; end: number } | undefined {
  let found: { at: number; end: number } | undefined;
  let at = STANDARD.optionsOffset(header) ?? header.length;
  while (at < header.length) {
    const type = header[at]!;
    const end = STANDARD.options.endOf(header, at);
    if (isMeant(type, at)) {
      if (found !== undefined) return undefined;
      found = { at, end };
    } else if (found !== undefined && type !== PAD1 && type !== PADN && type !== mayFollow) {
      return undefined;
    }
    at = end;
  }
  return at === header.length ? found : undefined;
}

/** The header up to `dataOffset` and from `dataEnd` on, checksum zero. */
function coveredBy(header: Uint8Array, dataOffset: number, dataEnd = header.length): Uint8Array {
  const covered = new Uint8Array(dataOffset + header.length - dataEnd);
  covered.set(header.subarray(0, dataOffset));
  covered.set(header.subarray(dataEnd), dataOffset);
  covered.fill(0, CHECKSUM, CHECKSUM + 2);
  return covered;
}

/**
 * Emits a packet whose last option has as many zero octets in the place of the authenticator as that will have, 12 with
 * HMAC-SHA1. `sign` gets the "MH Data" and returns the authenticator.
 * Throws a RangeError when `find` finds no such option or the length differs.
 */
export function withAuthenticator(
  packet: MobilityPacket,
  sign: (covered: Uint8Array) => Uint8Array,
  find: FindAuthenticator = authenticatedPart,
  codec: MobilityCodec = STANDARD,
): Uint8Array {
  const header = codec.emit(packet.message);
  const part = find(header);
  if (part === undefined) throw new RangeError('the last option has no place for an authenticator');
  const authenticator = sign(part.covered);
  if (authenticator.length !== part.dataLength) {
    throw new RangeError(`an authenticator of ${authenticator.length} octets, not ${part.dataLength}`);
  }
  header.set(authenticator, part.dataOffset);
  return packetAround(header, packet);
}
