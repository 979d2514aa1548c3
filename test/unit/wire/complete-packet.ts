/** Packets of all formats, those that no role acts upon among them. */
import type { Address } from '../../../src/wire/address.ts';
import { COMPLETE } from '../../../src/wire/complete-codec.ts';
import * as packets from '../../../src/wire/mobility-packet.ts';

export const emitMobilityPacket = (packet: packets.MobilityPacket, codec = COMPLETE): Uint8Array =>
  packets.emitMobilityPacket(packet, codec);

export const parseMobilityPacket = (packet: Uint8Array, codec = COMPLETE) =>
  packets.parseMobilityPacket(packet, codec);

export const parseMobilityPayload = (
  nextHeader: number,
  payload: Uint8Array,
  source: Address,
  destination: Address,
  codec = COMPLETE,
) => packets.parseMobilityPayload(nextHeader, payload, source, destination, codec);
