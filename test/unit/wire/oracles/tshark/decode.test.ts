/**
 * `kedge decode` beside tshark: what both find at the same octets has the same value, whatever they call it, and neither finds
 * fields whose borders the other does not know.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePacket } from '../../../../../src/decode/packet.ts';
import { formatAddress, parseAddress } from '../../../../../src/wire/address.ts';
import { emitDsmipv6 } from '../../../../../src/wire/dsmipv6.ts';
import { emitGre, GreProtocol } from '../../../../../src/wire/gre.ts';
import { emitIcmpv6Packet } from '../../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIp } from '../../../../../src/wire/ip.ts';
import { NextHeader } from '../../../../../src/wire/ipv6.ts';
import type { Field } from '../../../../../src/wire/layout/part.ts';
import type { MobilityMessage } from '../../../../../src/wire/mobility-message.ts';
import { UdpPort } from '../../../../../src/wire/udp.ts';
import { anyOption, messagesByKind, packetWith } from '../../arbitraries.ts';
import { anyIcmpv6Packet, grePacket, ipPacket, udpPath } from '../../arbitraries-packets.ts';
import { packetsByKind } from '../../arbitraries-whole.ts';
import { emitMobilityPacket } from '../../complete-packet.ts';
import { seed } from '../../seed.ts';
import { samples } from '../comparison.ts';
import { messageDefects, optionDefects } from './defects.ts';
import { type Dissected, dissect, UNKNOWN_OPTION } from './tshark.ts';

/** Fields of tshark that `kedge decode` has no field for, by their names. */
const NOT_SHOWN: readonly (readonly [names: RegExp, reason: string])[] = [
  [/reserved$|^gre\.offset$|binding_refresh_request$/, 'reserved'],
  [/mobility_opt|opt\.(type|length)$|sub_opt_len$|acc_net_id\.ani$/, 'type and length belong to the option'],
  [/^ip(v6)?\.version$/, 'some bits, although it does not say so'],
  [/slaac_mac|6to4|teredo|isatap/, 'a guess about an address'],
  [/_name_len$/, 'the name shows how long it is'],
  [/padn$/, 'the contents of padding'],
  [/nemo\.mnp\.|ipv6_address_prefix$/, 'a prefix and its length are one field of one of the two'],
  [/timestamp/, 'seconds and their fraction are two fields'],
  [/^(udp\.payload|icmpv6\.data)$/, 'whatever is within'],
];

/** Fields of `kedge decode` that tshark has no field for, by their paths. */
const NOT_SEEN: readonly (readonly [paths: RegExp, reason: string])[] = [
  [/^[^.]*$/, 'headers and messages as a whole: they end elsewhere, as their options are counted in or not'],
  [/Prefix\.prefix$|(Timestamp|Protection)\.(seconds|fraction)$|\.context request \d+$/, 'see above'],
  [/^(ANI Update-Timer|Civic-Location|MAG-Group-Identifier)\./, 'a defect: RFC 7563 is not read'],
  [
    /^(CGA Parameters\.parameters|Signature\.signature|(Permanent Home|Care-of).*[Tt]oken|DNS Update\.identity)$/,
    'a defect: two octets short',
  ],
  [/^(Experimental|Vendor-Specific) Mobility\.data$|Authentication\.data$/, 'the same'],
  [/^Home Network Prefix\.offLink$|^Handover Acknowledge\./, 'a defect: the flags are not shown'],
  [/^Heartbeat\.|^IPv4 Home Address Request\.prefixLength$/, 'an octet of the two that hold the bits here'],
  [/^TLV header|\.invoking$/, 'a defect: see packets.test.ts'],
  [/^(Source|Target) Link-Layer Address\.address$/, 'the same'],
];

/** What `kedge decode` does not take apart, by its paths. */
const WHOLE = /\.(context request \d+|invoking)$/;

/** Fields of which tshark computes something else, by their paths. */
const NOT_ALIKE: readonly (readonly [paths: RegExp, reason: string])[] = [
  [/^Internet Protocol Version 4\.headerLength$/, 'shown in octets'],
];

/** A field of kedge with the format that it stands in, e.g. `Binding Update.lifetime`. */
type Decoded = Field & { readonly path: string; readonly at: number };

function decoded(fields: readonly Field[], around = ''): Decoded[] {
  return fields.flatMap(field => [
    { ...field, path: around === '' ? field.name : `${around}.${field.name}`, at: field.offset },
    ...decoded(field.fields ?? [], field.name),
  ]);
}

const unlisted = (names: readonly string[], list: readonly (readonly [RegExp, string])[]): string[] =>
  names.filter(name => !list.some(([listed]) => listed.test(name)));

/** The flag of this letter, by the names and texts of tshark. */
function isFlag(letter: string, { name, text, isBits }: Dissected): boolean {
  return isBits && (text.includes(`(${letter})`) || name.endsWith(`flag.${letter.toLowerCase()}`));
}

/** Of an address in RFC 5952's form: tshark ends those below ::/96 in a dotted quad, too. */
function sameText(show: string): string {
  const address = show.startsWith('::') ? parseAddress(show) : undefined;
  return address === undefined ? show : formatAddress(address);
}

/** The text ends with the value, rounded to six places. */
const isNear = (text: string, value: number): boolean =>
  /\.\d{6}$/.test(text) && Math.abs(Number(text.split(' ').at(-1)) - value) < 1e-6;

/** Whether tshark makes the same of the octets; undefined for what it does not name like this, or takes apart. */
function agrees({ value, meaning }: Field, same: readonly Dissected[]): boolean | undefined {
  if (typeof value === 'boolean') {
    const flag = same.find(field => isFlag(meaning!, field));
    return flag && (flag.value === '1') === value;
  }
  const written = same.filter(field => field.value !== '');
  if (value === undefined || written.length === 0 || same.some(({ isBits }) => isBits)) return undefined;
  return written.some(({ show, text, value: octets }) =>
    typeof value === 'number'
      ? Number(show) === value || text.includes(`(${value} seconds)`) || isNear(text, value)
      : // What is unknown is shown without its type and length by kedge.
        sameText(show) === value || octets === value || octets.slice(4) === value,
  );
}

interface Verdict {
  agreed: number;
  readonly differing: string[];
  readonly notSeen: string[];
  readonly notShown: string[];
}

interface Place {
  readonly at: number;
  readonly length: number;
}

const isSame = (a: Place, b: Place): boolean => a.at === b.at && a.length === b.length;
/** Those that are not a part of one of `wholes`. */
const outside = <T extends Place>(places: readonly T[], wholes: readonly Place[]): T[] =>
  places.filter(
    ({ at, length }) =>
      !wholes.some(
        whole => at >= whole.at && at + length <= whole.at + whole.length && length < whole.length,
      ),
  );

function judge(packet: Uint8Array, dissection: readonly Dissected[]): Verdict {
  const ours = decoded(decodePacket(packet, packet[0]! >> 4 === 4 ? 4 : 6).fields);
  const theirs = dissection.filter(
    ({ name, length }) =>
      (name === UNKNOWN_OPTION || /^(ip|ipv6|udp|gre|icmpv6|mip6)\./.test(name)) && length > 0,
  );
  const unread = theirs.filter(({ name }) => name === UNKNOWN_OPTION || name === 'mip6.unknown_type_data');
  const comparable = outside(
    theirs,
    ours.filter(({ path }) => WHOLE.test(path)),
  );
  const verdict: Verdict = { agreed: 0, differing: [], notSeen: [], notShown: [] };
  for (const field of outside(ours, unread)) {
    const same = theirs.filter(their => isSame(their, field));
    const agreement = agrees(field, same);
    if (same.length === 0) verdict.notSeen.push(field.path);
    else if (agreement === true) verdict.agreed++;
    else if (agreement === false) verdict.differing.push(field.path);
  }
  for (const field of outside(comparable, unread)) {
    const isShown = field.isBits || ours.some(our => isSame(our, field));
    if (!isShown && !optionDefects.isSpoilt(field.name)) verdict.notShown.push(field.name);
  }
  return verdict;
}

const beside = optionDefects
  .readable(anyOption)
  .filter(({ kind }) => !optionDefects.has(kind, 'rest misread'));
const isRead = ({ kind }: MobilityMessage): boolean =>
  !messageDefects.has(kind, 'misread') && !messageDefects.has(kind, 'rest misread');
const message = messageDefects
  .readable(fc.oneof(...Object.values<fc.Arbitrary<MobilityMessage>>(messagesByKind(beside))))
  .filter(isRead);
const mobility = packetWith(message).map(packet => emitMobilityPacket(packet));
const icmpv6 = anyIcmpv6Packet
  .filter(({ message }) => message.kind !== 'mobile-prefix-solicitation' && message.kind !== 'opaque')
  .filter(({ message }) => !('options' in message && message.options.some(({ kind }) => kind === 'opaque')))
  .map(emitIcmpv6Packet);
const gre = fc.tuple(udpPath, grePacket, ipPacket).map(([{ source, destination }, header, payload]) => {
  const protocolType = payload[0]! >> 4 === 4 ? GreProtocol.ipv4 : GreProtocol.ipv6;
  return emitIp(source, destination, NextHeader.gre, emitGre({ ...header, protocolType, payload }));
});
const dsmipv6 = fc
  .tuple(udpPath, mobility)
  .map(([path, inner]) => emitDsmipv6({ ...path, destinationPort: UdpPort.dsmipv6, inner }));
const kinds: readonly (readonly [string, fc.Arbitrary<Uint8Array>, number])[] = [
  ['Mobility Headers', mobility, 800],
  ['ICMPv6', icmpv6, 200],
  ['GRE', gre, 60],
  ['data of Proxy Mobile IPv6 in UDP', packetsByKind['pmipv6 data'], 60],
  ['Mobility Headers in UDP', dsmipv6, 60],
];

describe(`kedge decode beside tshark, seed ${seed}`, () => {
  it.each(kinds)('finds the same values at the same octets: %s', (_name, arbitrary, runs) => {
    const packets = samples(arbitrary, seed, runs);
    dissect(packets).forEach((dissection, index) => {
      const { agreed, differing, notSeen, notShown } = judge(packets[index]!, dissection);
      expect(unlisted(differing, NOT_ALIKE)).toEqual([]);
      expect(unlisted(notSeen, NOT_SEEN)).toEqual([]);
      expect(unlisted(notShown, NOT_SHOWN)).toEqual([]);
      expect(agreed).toBeGreaterThan(5);
    });
  });
});
