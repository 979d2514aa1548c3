/** The Binding Error message (RFC 6275 §6.1.9). */
import { UNSPECIFIED } from '../wire/address.ts';
import type { MobilityPacket, ReceivedMobility } from '../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../wire/mobility-packet.ts';
import { type Dialect, PLAIN } from './identifiers/dialect.ts';

/** Status: the receiver has no binding for the home address of a Home Address option. */
export const UNKNOWN_BINDING = 1;
/** Status: the receiver does not know the MH Type. */
export const UNRECOGNIZED_MH_TYPE = 2;

/**
 * The answer to a message of unknown type, a whole packet (RFC 6275 §9.2, §9.3.3). To a peer of the draft it says which
 * bindings the message named (draft-ietf-monami6-multiplecoa-00 §6.5), if that can be read.
 */
export function emitUnrecognizedType(
  { source, destination, homeAddress, message }: ReceivedMobility,
  { codec, identifiers }: Dialect = PLAIN,
): Uint8Array {
  const named = identifiers.draft && message.kind !== 'opaque' ? identifiers.read(message.options) : [];
  const answer: MobilityPacket = {
    source: destination,
    destination: source,
    message: {
      kind: 'binding-error',
      status: UNRECOGNIZED_MH_TYPE,
      homeAddress: homeAddress ?? UNSPECIFIED,
      options: named.map(({ bid }) => identifiers.naming(bid)),
    },
  };
  return emitMobilityPacket(answer, codec);
}
