/**
 * An independent reader: tshark dissects what wire/ emits, and every field that it knows must have the value
 * that was put in. Needs tshark.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitIcmpv6Error } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import type { MobilityMessage } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { emitMobilityPacket, type MobilityPacket } from '../../../src/wire/mobility-packet.ts';
import * as arbitrary from './arbitraries.ts';
import { hex } from './octets.ts';
import { seed } from './seed.ts';
import { dissect, type Field } from './tshark.ts';

/*
 * What tshark 4.0.17 does not show, or shows wrong, and what is done about it here:
 * - The Mobility Header checksum is shown but not verified: mobility-packet.test.ts computes it another way.
 * - Authentication data (option 9) is shown two octets short: compared without its last two octets.
 * - BID-PRI (option 35, RFC 6089) is not shown: the octets of the whole option are compared.
 * - The length of an unknown option is read from a wrong place and shown as another number: not compared.
 * - Flags beyond A H L K M R P F T B of a Binding Update and K R P T B of an acknowledgement are not shown.
 * - A Mobile Node Identifier below three octets is not shown, zero octets in it are remarked upon; authentication
 *   data of less than three octets is called malformed: not generated.
 * - Options 43-45, 53, 54 and 56-70 and MH types 19-23 are unknown to it: our unknown types are 71 and up.
 */
const unknownOption = arbitrary.unknownOption.map(option => ({ ...option, type: 71 + (option.type % 184) }));
const option: fc.Arbitrary<MobilityOption> = fc.oneof(
  arbitrary.bindingRefreshAdvice,
  arbitrary.alternateCareOfAddress,
  arbitrary.mobileNetworkPrefix,
  arbitrary.mnIdentifier
    .filter(({ identifier }) => identifier.length > 2)
    .map(({ identifier, ...option }) => ({ ...option, identifier: identifier.map(octet => octet || 1) })),
  arbitrary.authentication.filter(({ data }) => data.length > 2),
  arbitrary.messageId,
  arbitrary.bindingIdentifier.filter(({ careOfAddress }) => careOfAddress?.length !== 4),
  unknownOption,
);
const messages = arbitrary.messagesByKind(option);
const message: fc.Arbitrary<MobilityMessage> = fc.oneof(
  messages['binding-refresh-request'],
  messages['binding-update'],
  messages['binding-acknowledgement'],
  messages['binding-error'],
  messages.heartbeat,
  messages.opaque.map(opaque => ({ ...opaque, type: 24 + (opaque.type % 232) })),
);

const flag = (set: boolean | undefined): string => (set ? '1' : '0');
const number = (value: number, octets: number): string => value.toString(16).padStart(2 * octets, '0');

function optionFields(value: MobilityOption): Field[] {
  switch (value.kind) {
    case 'binding-refresh-advice':
      return [['mip6.bra.interval', number(value.interval / 4, 2)]];
    case 'alternate-care-of-address':
      return [['mip6.acoa.acoa', hex(value.address)]];
    case 'mobile-network-prefix':
      return [
        ['mip6.nemo.mnp.pfl', number(value.prefix.length, 1)],
        ['mip6.nemo.mnp.mnp', hex(value.prefix.address)],
      ];
    case 'mn-identifier':
      return [
        ['mip6.mnid.subtype', number(value.subtype, 1)],
        ['mip6.mnid.identifier', hex(value.identifier)],
      ];
    case 'authentication':
      return [
        ['mip6.auth.subtype', number(value.subtype, 1)],
        ['mip6.auth.mobility_spi', number(value.spi, 4)],
        ['mip6.auth.auth_data', hex(value.data.subarray(0, -2))],
      ];
    case 'message-id':
      return [['mip6.mseg_id.timestamp', number(value.seconds, 4) + number(value.fraction, 4)]];
    case 'binding-identifier': {
      const { bid, status, home, priority, careOfAddress } = value;
      const length = careOfAddress === undefined ? 4 : 20;
      const body = number(bid, 2) + number(status, 1) + number((home ? 0x80 : 0) | priority, 1);
      return [
        ['mip6.options.bi', `23${number(length, 1)}${body}${careOfAddress ? hex(careOfAddress) : ''}`],
        ['mip6.bi.bid', number(bid, 2)],
        ['mip6.bi.status', number(status, 1)],
        ['mip6.bi.h_flag', flag(home)],
        ...(careOfAddress ? [['mip6.bi.coa_ipv6', hex(careOfAddress)] as const] : []),
      ];
    }
    default:
      if (value.kind !== 'opaque') throw new Error(`no fields of ${value.kind}`);
      return [
        ['unknown option', number(value.type, 1) + number(value.data.length, 1) + hex(value.data)],
        ['mip6.mobility_opt', number(value.type, 1)],
      ];
  }
}

function messageFields(value: MobilityMessage): Field[] {
  switch (value.kind) {
    case 'binding-refresh-request':
      return [['mip6.mhtype', '00']];
    case 'binding-update':
      return [
        ['mip6.mhtype', '05'],
        ['mip6.bu.seqnr', number(value.sequence, 2)],
        ['mip6.bu.a_flag', flag(value.acknowledge)],
        ['mip6.bu.h_flag', flag(value.homeRegistration)],
        ['mip6.bu.l_flag', flag(value.linkLocalCompatibility)],
        ['mip6.bu.k_flag', flag(value.keyManagement)],
        ['mip6.bu.m_flag', flag(value.mapRegistration)],
        ['mip6.nemo.bu.r_flag', flag(value.mobileRouter)],
        ['mip6.bu.p_flag', flag(value.proxy)],
        ['mip6.bu.f_flag', flag(value.forceUdp)],
        ['mip6.bu.t_flag', flag(value.tlvHeader)],
        ['mip6.bu.b_flag', flag(value.bulkOrOverwrite)],
        ['mip6.bu.lifetime', number(value.lifetime / 4, 2)],
      ];
    case 'binding-acknowledgement':
      return [
        ['mip6.mhtype', '06'],
        ['mip6.ba.status', number(value.status, 1)],
        ['mip6.ba.k_flag', flag(value.keyManagement)],
        ['mip6.nemo.ba.r_flag', flag(value.mobileRouter)],
        ['mip6.ba.p_flag', flag(value.proxy)],
        ['mip6.ba.t_flag', flag(value.tlvHeader)],
        ['mip6.ba.b_flag', flag(value.bulk)],
        ['mip6.ba.seqnr', number(value.sequence, 2)],
        ['mip6.ba.lifetime', number(value.lifetime / 4, 2)],
      ];
    case 'binding-error':
      return [
        ['mip6.mhtype', '07'],
        ['mip6.be.status', number(value.status, 1)],
        ['mip6.be.haddr', hex(value.homeAddress)],
      ];
    case 'heartbeat':
      return [
        ['mip6.mhtype', '0d'],
        ['mip6.hb.u_flag', flag(value.unsolicited)],
        ['mip6.hb.r_flag', flag(value.response)],
        ['mip6.hb.seqnr', number(value.sequence, 4)],
      ];
    default:
      if (value.kind !== 'opaque') throw new Error(`no fields of ${value.kind}`);
      return [
        ['mip6.mhtype', number(value.type, 1)],
        ['mip6.unknown_type_data', hex(value.data)],
      ];
  }
}

/** What tshark must show of a packet, in this order. */
function packetFields(packet: MobilityPacket): Field[] {
  const { source, destination, homeAddress, routingHome, hopLimit, message } = packet;
  return [
    ['ipv6.hlim', number(hopLimit!, 1)],
    ['ipv6.src', hex(source)],
    ['ipv6.dst', hex(destination)],
    ...(routingHome ? [['ipv6.routing.mipv6.home_address', hex(routingHome)] as const] : []),
    ...(homeAddress ? [['ipv6.opt.mipv6.home_address', hex(homeAddress)] as const] : []),
    ['mip6.proto', '3b'],
    ...messageFields(message),
    ...('options' in message ? message.options.flatMap(optionFields) : []),
  ];
}

describe(`tshark, seed ${seed}`, () => {
  const packets = fc.sample(arbitrary.packetWith(message), { seed, numRuns: 400 });
  const [first] = packets;
  const problem = { source: first!.destination, destination: first!.source };
  let dissections: Field[][] = [];

  beforeAll(() => {
    const invoking = emitMobilityPacket(first!);
    dissections = dissect([
      ...packets.map(packet => emitMobilityPacket(packet)),
      emitIcmpv6Error(problem.source, problem.destination, {
        kind: 'parameter-problem',
        code: 2,
        pointer: 46,
        invoking,
      }),
      encapsulate(problem.source, problem.destination, invoking),
    ]);
  });

  it('reads every field of every packet as it was meant', () => {
    expect(dissections.length).toBe(packets.length + 2);
    packets.forEach((packet, index) => {
      const expected = packetFields(packet);
      const wanted = new Set(expected.map(([name]) => name));
      expect(dissections[index]!.filter(([name]) => wanted.has(name))).toEqual(expected);
    });
  });

  it('finds nothing malformed and nothing to remark but the options that it does not know', () => {
    for (const fields of dissections) {
      expect(fields.filter(([name]) => name.startsWith('_ws.malformed'))).toEqual([]);
      const remarks = fields.filter(([name]) => name === '_ws.expert.message').map(([, text]) => text);
      expect(remarks.filter(text => text !== 'IE data not dissected yet')).toEqual([]);
    }
  });

  it('[RFC 4443 §3.4] reads the Parameter Problem and finds its checksum good', () => {
    const fields = dissections[packets.length]!;
    const value = (name: string) => fields.find(([field]) => field === name)?.[1];
    expect(value('icmpv6.type')).toBe('04');
    expect(value('icmpv6.code')).toBe('02');
    expect(value('icmpv6.pointer')).toBe('0000002e');
    expect(value('icmpv6.checksum.status')).toBe('1');
  });

  it('[RFC 2473 §3.1] reads the encapsulated packet', () => {
    const fields = dissections[packets.length + 1]!;
    expect(fields.filter(([name]) => name === 'ipv6.src').map(([, value]) => value)).toEqual([
      hex(problem.source),
      hex(problem.destination),
    ]);
    expect(fields.filter(([name]) => name === 'mip6.mhtype').length).toBe(1);
  });
});
