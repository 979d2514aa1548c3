/**
 * Scapy reads every message and option that wire/ emits, and wire/ reads what Scapy makes, with the values that were put in.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPLETE } from '../../../../../src/wire/complete-codec.ts';
import { MESSAGE_FORMATS, type MobilityMessage } from '../../../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../../../src/wire/mobility-option.ts';
import { messagesByKind, optionsByKind, packetWith } from '../../arbitraries.ts';
import { emitMobilityPacket, parseMobilityPacket } from '../../complete-packet.ts';
import { hex } from '../../octets.ts';
import { seed } from '../../seed.ts';
import { entryOf, mobilityHeader, optionOctets, samples } from '../comparison.ts';
import { GENERIC_SHORT_BY, optionDefects, UNPADDED, WRONG_LENGTHS } from './defects.ts';
import { MESSAGE_LAYERS, messageFields, OPTION_LAYERS, optionFields } from './fields.ts';
import { build, type Dissection, dissect, type Field, type Layer, type Order } from './scapy.ts';

const RUNS = 25;

const addresses = {
  source: '20010db8000000000000000000000001',
  destination: '20010db8000000000000000000000002',
};

const knownMessages = MESSAGE_FORMATS.filter(({ type }) => type <= 7).map(({ kind }) => kind);
/** By number, without those that it misreads. */
const knownOptions = Array.from({ length: 17 }, (_, type) => COMPLETE.options.format(type)?.kind ?? 'opaque')
  .filter((kind): kind is MobilityOption['kind'] => kind !== 'opaque')
  .filter(kind => !optionDefects.has(kind, 'rest misread'));

/** Options that may stand beside others. */
const beside = (option: fc.Arbitrary<MobilityOption>): fc.Arbitrary<MobilityOption> =>
  optionDefects.readable(option).filter(({ kind }) => !optionDefects.has(kind, 'rest misread'));

const { 'opaque (malformed)': _, ...readable } = optionsByKind;
const anyReadable: fc.Arbitrary<MobilityOption> = beside(
  fc.oneof(...Object.values<fc.Arbitrary<MobilityOption>>(readable)),
);
const known: fc.Arbitrary<MobilityOption> = beside(
  fc
    .oneof(...Object.values<fc.Arbitrary<MobilityOption>>(readable))
    .filter(({ kind }) => knownOptions.includes(kind)),
);

function optionLayer(option: MobilityOption, octets: Uint8Array): Layer {
  const { kind } = option;
  const layer = OPTION_LAYERS[kind];
  const fields: readonly Field[] =
    layer === undefined ? [['odata', hex(octets.subarray(2))]] : entryOf<Field>(optionFields, kind)!(option);
  return {
    layer: layer ?? 'MIP6OptUnknown',
    fields: { otype: octets[0]!, olen: octets[1]!, ...Object.fromEntries(fields) },
  };
}

/** What Scapy must show of a packet. */
function expected(message: MobilityMessage, header: Uint8Array): Dissection {
  const checksum = (header[4]! << 8) | header[5]!;
  const common = { nh: 59, len: header.length / 8 - 1, res: 0, cksum: checksum };
  const layer = MESSAGE_LAYERS[message.kind];
  if (layer === undefined || message.kind === 'opaque') {
    const msg = hex(header.subarray(6, Math.max(6, header.length - GENERIC_SHORT_BY)));
    return { layer: 'MIP6MH_Generic', fields: { ...common, mhtype: header[2]!, msg }, options: [], checksum };
  }
  const fields = Object.fromEntries(entryOf<Field>(messageFields, message.kind)!(message));
  const octets = optionOctets(header);
  const options = message.options.map((option, index) => optionLayer(option, octets[index]!));
  return { layer, fields: { ...common, ...fields }, options, checksum };
}

/** What Scapy is told to make; it finds out types, lengths, padding and checksum by itself. */
function order(message: MobilityMessage): Order {
  if (message.kind === 'opaque') throw new Error('not generated');
  const fields = Object.fromEntries(entryOf<Field>(messageFields, message.kind)!(message));
  const options = message.options.map((option): Layer => {
    const layer = OPTION_LAYERS[option.kind]!;
    const olen = WRONG_LENGTHS[layer];
    const own = Object.fromEntries(entryOf<Field>(optionFields, option.kind)!(option));
    return { layer, fields: olen === undefined ? own : { ...own, olen } };
  });
  return { ...addresses, layer: MESSAGE_LAYERS[message.kind]!, fields, options };
}

/** A header of no options that Scapy does not pad is right already. */
const paddable = (message: MobilityMessage): MobilityMessage =>
  message.kind === UNPADDED ? { ...message, options: [] } : message;

describe(`Scapy, seed ${seed}`, () => {
  it('has each of the options and messages that it knows in its tables', () => {
    expect(knownMessages.filter(kind => MESSAGE_LAYERS[kind] === undefined)).toEqual([]);
    expect(knownOptions.filter(kind => OPTION_LAYERS[kind] === undefined)).toEqual([]);
  });

  it('reads every message and option as it was meant, and computes the same checksum', () => {
    const messages = Object.values<fc.Arbitrary<MobilityMessage>>(messagesByKind(anyReadable));
    const packets = messages.flatMap(message => samples(packetWith(message), seed, RUNS));
    const emitted = packets.map(packet => emitMobilityPacket(packet));
    dissect(emitted).forEach((dissection, index) => {
      const { message } = packets[index]!;
      expect(dissection).toEqual(expected(message, mobilityHeader(emitted[index]!, message)));
    });
  });

  it('makes messages and options that are read as they were meant', () => {
    const byKind: Readonly<Record<string, fc.Arbitrary<MobilityMessage>>> = messagesByKind(known);
    const messages = knownMessages.flatMap(kind => samples(byKind[kind]!, seed, RUNS).map(paddable));
    build(messages.map(order)).forEach((packet, index) => {
      const received = parseMobilityPacket(packet);
      expect(received.ok && received.value.message).toEqual(messages[index]);
    });
  });
});
