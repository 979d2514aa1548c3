/** The Binding Error message (RFC 6275 §6.1.9). */
import { UNSPECIFIED } from '../wire/address.ts';
import type { ReceivedMobility } from '../wire/mobility-packet.ts';
import { emitMobilityPacket } from '../wire/mobility-packet.ts';

/** Status: the receiver has no binding for the home address of a Home Address option. */
export const UNKNOWN_BINDING = 1;
/** Status: the receiver does not know the MH Type. */
export const UNRECOGNIZED_MH_TYPE = 2;

/** The answer to a message of unknown type, a whole packet (RFC 6275 §9.2, §9.3.3). */
export function emitUnrecognizedType({ source, destination, homeAddress }: ReceivedMobility): Uint8Array {
  return emitMobilityPacket({
    source: destination,
    destination: source,
    message: {
      kind: 'binding-error',
      status: UNRECOGNIZED_MH_TYPE,
      homeAddress: homeAddress ?? UNSPECIFIED,
      options: [],
    },
  });
}
