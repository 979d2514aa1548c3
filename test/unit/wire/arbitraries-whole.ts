/** Whole packets of every kind that wire/ knows, as octets. */
import fc from 'fast-check';
import { emitDsmipv6 } from '../../../src/wire/dsmipv6.ts';
import { encapsulate } from '../../../src/wire/encapsulation.ts';
import { emitGre } from '../../../src/wire/gre.ts';
import { emitIcmpv6Packet } from '../../../src/wire/icmpv6/icmpv6-packet.ts';
import { emitIp } from '../../../src/wire/ip.ts';
import { NextHeader } from '../../../src/wire/ipv6.ts';
import { emitPmipv6Control, emitPmipv6Data, type Pmipv6Data } from '../../../src/wire/pmipv6-udp.ts';
import { emitUdpPacket, UdpPort } from '../../../src/wire/udp.ts';
import { anyMessage, anyPacket } from './arbitraries.ts';
import {
  anyIcmpv6Packet,
  dsmipv6Packet,
  grePacket,
  ipPacket,
  pmipv6Data,
  udpPath,
} from './arbitraries-packets.ts';
import { emitMobilityPacket } from './complete-packet.ts';

const mobility = anyPacket.map(packet => emitMobilityPacket(packet));
const icmpv6 = anyIcmpv6Packet.map(emitIcmpv6Packet);

const plainGre = { protocolType: 0x86dd, checksum: true, key: 7, sequence: undefined };

/** A decoder that looks into what a TLV header announces finds nothing to complain about. */
const readable = (data: Pmipv6Data): Pmipv6Data => (data.tlv ? { ...data, protocol: 253 } : data);

export const packetsByKind = {
  mobility,
  icmpv6,
  'mobility in a tunnel': fc
    .tuple(udpPath, mobility)
    .map(([{ source, destination }, inner]) => encapsulate(source, destination, inner)),
  dsmipv6: dsmipv6Packet.map(emitDsmipv6),
  'pmipv6 control': fc
    .tuple(udpPath, anyMessage)
    .map(([path, message]) =>
      emitUdpPacket({ ...path, destinationPort: UdpPort.pmipv6Control }, emitPmipv6Control(message)),
    ),
  'pmipv6 data': fc
    .tuple(udpPath, pmipv6Data.map(readable))
    .map(([path, data]) =>
      emitUdpPacket({ ...path, destinationPort: UdpPort.pmipv6Data }, emitPmipv6Data(data)),
    ),
  gre: fc
    .tuple(
      udpPath,
      fc.oneof(
        grePacket,
        ipPacket.map(payload => ({ ...plainGre, payload })),
      ),
    )
    .map(([{ source, destination }, packet]) => emitIp(source, destination, NextHeader.gre, emitGre(packet))),
} satisfies Record<string, fc.Arbitrary<Uint8Array>>;

export const anyWholePacket: fc.Arbitrary<Uint8Array> = fc.oneof(...Object.values(packetsByKind));
