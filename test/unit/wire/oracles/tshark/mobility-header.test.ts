/**
 * Every message and option of the Mobility Header that wire/ emits is dissected by tshark, and every field has the value that
 * was put in. Formats come from the registries: a new one needs its fields here, or a place among the optionDefects.
 */
import type fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMPLETE } from '../../../../../src/wire/complete-codec.ts';
import { FURTHER_MESSAGES } from '../../../../../src/wire/further-messages.ts';
import { MESSAGE_FORMATS, type MobilityMessage } from '../../../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../../../src/wire/mobility-option.ts';
import type { MobilityPacket } from '../../../../../src/wire/mobility-packet.ts';
import { anyOption, messagesByKind, optionsByKind, packetWith, unicastAddress } from '../../arbitraries.ts';
import { DRAFT_CODEC, draftMessages, draftOptions } from '../../arbitraries-draft.ts';
import { emitMobilityPacket } from '../../complete-packet.ts';
import { hex } from '../../octets.ts';
import { seed } from '../../seed.ts';
import {
  entryOf,
  type MessageTable,
  mobilityHeader,
  type OptionTable,
  optionOctets,
  pathsOf,
  samples,
  watched,
} from '../comparison.ts';
import { messageDefects, optionDefects } from './defects.ts';
import { proxyMessages, proxyOptions } from './proxy.ts';
import { registrationMessages, registrationOptions } from './registration.ts';
import { relativeMessages, relativeOptions } from './relatives.ts';
import {
  complaints,
  type Dissected,
  dissect,
  type Field,
  named,
  number,
  remarks,
  UNKNOWN_OPTION,
} from './tshark.ts';

const optionFields = { ...registrationOptions, ...relativeOptions, ...proxyOptions };
const messageFields = { ...registrationMessages, ...relativeMessages, ...proxyMessages };

const RUNS = 25;
const NOT_DISSECTED = 'IE data not dissected yet';

interface Probe {
  readonly packet: MobilityPacket;
  readonly octets: Uint8Array;
  readonly dissection: readonly Dissected[];
}

/** The packets as tshark sees them. */
function probes(packets: readonly MobilityPacket[]): Probe[] {
  const emitted = packets.map(packet => emitMobilityPacket(packet));
  const dissections = dissect(emitted);
  return packets.map((packet, index) => ({
    packet,
    octets: emitted[index]!,
    dissection: dissections[index]!,
  }));
}

/** What tshark must show of an option, its defects included. */
function optionFieldsOf(option: MobilityOption, octets: Uint8Array): Field[] {
  if (option.kind === 'opaque' || optionDefects.has(option.kind, 'unknown')) {
    return [
      [UNKNOWN_OPTION, hex(octets)],
      ['mip6.mobility_opt', number(octets[0]!, 1)],
    ];
  }
  return optionDefects.spoil(option.kind, entryOf(optionFields, option.kind)!(option));
}

/** What tshark must show of a message and its options. */
function messageFieldsOf(message: MobilityMessage, header: Uint8Array): Field[] {
  const { kind } = message;
  const common: Field[] = [
    ['mip6.proto', '3b'],
    ['mip6.hlen', number(header.length / 8 - 1, 1)],
    ['mip6.mhtype', number(header[2]!, 1)],
    ['mip6.csum', hex(header.subarray(4, 6))],
  ];
  if (kind === 'opaque' || messageDefects.has(kind, 'unknown')) {
    return [...common, ['mip6.unknown_type_data', hex(header.subarray(6))]];
  }
  if (messageDefects.has(kind, 'misread')) return common;
  const own = messageDefects.spoil(kind, entryOf(messageFields, kind)!(message));
  if (messageDefects.has(kind, 'rest misread')) return [...common, ...own];
  const written = optionOctets(header);
  return [
    ...common,
    ...own,
    ...message.options.flatMap((option, index) => optionFieldsOf(option, written[index]!)),
  ];
}

function packetFieldsOf(probe: Probe): Field[] {
  const { source, destination, homeAddress, routingHome, hopLimit, message } = probe.packet;
  return [
    ['ipv6.hlim', number(hopLimit!, 1)],
    ['ipv6.src', hex(source)],
    ['ipv6.dst', hex(destination)],
    ...(routingHome ? [['ipv6.routing.mipv6.home_address', hex(routingHome)] as const] : []),
    ...(homeAddress ? [['ipv6.opt.mipv6.home_address', hex(homeAddress)] as const] : []),
    ...messageFieldsOf(message, mobilityHeader(probe.octets, message)),
  ];
}

/** The remarks that a packet may get. */
function expectedRemarks(message: MobilityMessage): string[] {
  const options = message.kind === 'opaque' ? [] : message.options;
  return options.flatMap(({ kind }) =>
    kind === 'opaque' || optionDefects.has(kind, 'unknown') ? [NOT_DISSECTED] : optionDefects.remarks(kind),
  );
}

/** True when it finds things in the packet that are not there. */
function isMisread(message: MobilityMessage): boolean {
  const options = message.kind === 'opaque' ? [] : message.options;
  return (
    messageDefects.has(message.kind, 'misread') ||
    messageDefects.has(message.kind, 'rest misread') ||
    options.some(({ kind }) => optionDefects.has(kind, 'rest misread'))
  );
}

/** Fields of no octets are shown or not, as it happens. */
const isNotEmpty = ([, value]: Field): boolean => value !== '';

function compare(probe: Probe): void {
  const {
    packet: { message },
    dissection,
  } = probe;
  const expected = packetFieldsOf(probe);
  const shown = named(dissection, new Set(expected.map(([name]) => name)));
  expect(shown.filter(isNotEmpty)).toEqual(expected.filter(isNotEmpty));
  if (isMisread(message)) return;
  const expectable = expectedRemarks(message);
  const unexpected = remarks(dissection).filter(text => !expectable.some(start => text.startsWith(start)));
  expect([...complaints(dissection), ...unexpected]).toEqual([]);
}

/** Each property of the values must be asked for by the table, or be hidden by a defect, and not both. */
function expectComplete<V extends MobilityOption | MobilityMessage>(
  table: OptionTable<Field> | MessageTable<Field>,
  hidden: readonly string[],
  values: readonly V[],
): void {
  const asked = new Set<string>();
  const paths = new Set<string>();
  for (const value of values) {
    entryOf(table, value.kind)!(watched(value, asked));
    for (const path of pathsOf(value)) paths.add(path);
  }
  expect([...paths].filter(path => !asked.has(path)).sort()).toEqual([...hidden].sort());
}

/** One packet with each value, by the value's kind; one run of tshark for all. */
function probesByKind<V extends { readonly kind: string }>(
  values: readonly V[],
  packetOf: (value: V) => MobilityPacket,
): Map<string, Probe[]> {
  const byKind = new Map<string, Probe[]>();
  const all = probes(values.map(packetOf));
  values.forEach(({ kind }, index) => {
    byKind.set(kind, [...(byKind.get(kind) ?? []), all[index]!]);
  });
  return byKind;
}

describe(`tshark, options, seed ${seed}`, () => {
  const kinds = Array.from({ length: 256 }, (_, type) => COMPLETE.options.format(type)?.kind);
  const { 'opaque (malformed)': _, ...arbitraries } = optionsByKind;
  const values = Object.values(arbitraries).flatMap((arbitrary: fc.Arbitrary<MobilityOption>) =>
    samples(optionDefects.readable(arbitrary), seed, RUNS),
  );
  let byKind = new Map<string, Probe[]>();

  beforeAll(() => {
    const [source, destination] = samples(unicastAddress, seed, 2);
    byKind = probesByKind(values, option => ({
      source: source!,
      destination: destination!,
      hopLimit: 64,
      message: { kind: 'binding-refresh-request', options: [option] },
    }));
  });

  it.each([...kinds.filter(kind => kind !== undefined), 'opaque'])('reads each field of %s', kind => {
    const read = byKind.get(kind) ?? [];
    expect(read.length).toBeGreaterThanOrEqual(RUNS);
    read.forEach(compare);
    if (kind === 'opaque' || optionDefects.has(kind, 'unknown')) return;
    const own = values.filter(value => value.kind === kind);
    expectComplete(optionFields, optionDefects.hidden(kind), own);
  });
});

describe(`tshark, messages, seed ${seed}`, () => {
  const kinds = [...MESSAGE_FORMATS, ...FURTHER_MESSAGES].map(({ kind }) => kind);
  const beside = optionDefects
    .readable(anyOption)
    .filter(({ kind }) => !optionDefects.has(kind, 'rest misread'));
  let byKind = new Map<string, Probe[]>();

  beforeAll(() => {
    const packets = Object.values(messagesByKind(beside)).flatMap(
      (arbitrary: fc.Arbitrary<MobilityMessage>) =>
        samples(packetWith(messageDefects.readable(arbitrary)), seed, RUNS),
    );
    byKind = probesByKind(
      packets.map(packet => ({ kind: packet.message.kind, packet })),
      ({ packet }) => packet,
    );
  });

  it.each([...kinds, 'opaque'])('reads each field of %s and its options', kind => {
    const read = byKind.get(kind) ?? [];
    expect(read.length).toBeGreaterThanOrEqual(RUNS);
    read.forEach(compare);
    if (kind === 'opaque' || messageDefects.has(kind, 'unknown') || messageDefects.has(kind, 'misread'))
      return;
    const own = read.map(({ packet }) => packet.message);
    expectComplete(messageFields, messageDefects.hidden(kind), own);
  });
});

describe(`tshark, what drafts define, seed ${seed}`, () => {
  const inRequest = (option: MobilityOption): MobilityMessage => ({
    kind: 'binding-refresh-request',
    options: [option],
  });
  const cases: Record<string, fc.Arbitrary<MobilityMessage>> = {
    ...draftMessages,
    ...Object.fromEntries(
      Object.entries<fc.Arbitrary<MobilityOption>>(draftOptions).map(([kind, option]) => [
        kind,
        option.map(inRequest),
      ]),
    ),
  };

  it.each(Object.entries(cases))('shows %s as octets of an unknown type', (_kind, arbitrary) => {
    const packets = samples(packetWith(arbitrary), seed, RUNS);
    const dissections = dissect(packets.map(packet => emitMobilityPacket(packet, DRAFT_CODEC)));
    packets.forEach(({ message }, index) => {
      const header = DRAFT_CODEC.emit(message);
      const expected: Field[] =
        message.kind === 'binding-refresh-request'
          ? optionOctets(header).map(octets => [UNKNOWN_OPTION, hex(octets)])
          : [['mip6.unknown_type_data', hex(header.subarray(6))]];
      const names = new Set(['mip6.mhtype', ...expected.map(([name]) => name)]);
      expect(named(dissections[index]!, names)).toEqual([
        ['mip6.mhtype', number(header[2]!, 1)],
        ...expected,
      ]);
    });
  });
});
