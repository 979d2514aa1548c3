/** DHCPv6 for prefix delegation: as RFC 8415 draws it, back and forth, and as tshark and Scapy read and write it. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { emitDatagram } from '../../../src/wire/dhcpv6/datagram.ts';
import {
  CLIENT_PORT,
  type Dhcpv6Message,
  emitDhcpv6,
  parseDhcpv6,
  SERVER_PORT,
} from '../../../src/wire/dhcpv6/message.ts';
import { parseUdpPacket } from '../../../src/wire/udp.ts';
import { dhcpv6Messages } from './arbitraries-dhcpv6.ts';
import { hex, octets } from './octets.ts';
import { dissect } from './oracles/tshark/tshark.ts';
import { seed } from './seed.ts';

const HOME = parseAddress('2001:db8:100::10')!;
const AGENT = parseAddress('2001:db8:1::2')!;

const SOLICIT: Dhcpv6Message = {
  kind: 'solicit',
  transaction: 0xa1b2c3,
  options: [
    { kind: 'client-id', duid: octets('0004 000102030405060708090a0b0c0d0e0f') },
    { kind: 'option-request', codes: [82] },
    { kind: 'elapsed-time', elapsed: 100 },
    { kind: 'rapid-commit' },
    { kind: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] },
  ],
};
const REPLY: Dhcpv6Message = {
  kind: 'reply',
  transaction: 0xa1b2c3,
  options: [
    { kind: 'server-id', duid: octets('0004 0f0e0d0c0b0a09080706050403020100') },
    { kind: 'preference', preference: 255 },
    {
      kind: 'ia-pd',
      iaid: 1,
      t1: 1800,
      t2: 2880,
      options: [
        {
          kind: 'ia-prefix',
          preferredLifetime: 3600,
          validLifetime: 7200,
          prefix: parsePrefix('2001:db8:a00::/56')!,
          options: [],
        },
        { kind: 'status-code', status: 6, message: octets('6e6f6e65') },
      ],
    },
    { kind: 'sol-max-rt', solMaxRt: 60 },
  ],
};
const relayed = (kind: 'relay-forward' | 'relay-reply', message: Dhcpv6Message): Dhcpv6Message => ({
  kind,
  hopCount: 0,
  linkAddress: HOME,
  peerAddress: HOME,
  options: [
    { kind: 'interface-id', interfaceId: octets('0102030405060708') },
    { kind: 'relay-message', message: emitDhcpv6(message) },
  ],
});

const DRAWN: readonly [title: string, area: string, message: Dhcpv6Message][] = [
  [
    '[RFC 8415 §8] a Solicit with an IA_PD (§21.21)',
    `01 a1b2c3 0001 0012 0004 000102030405060708090a0b0c0d0e0f 0006 0002 0052
     0008 0002 0064 000e 0000 0019 000c 00000001 00000000 00000000`,
    SOLICIT,
  ],
  [
    '[RFC 8415 §21.22] a Reply with a prefix and a status',
    `07 a1b2c3 0002 0012 0004 0f0e0d0c0b0a09080706050403020100 0007 0001 ff
     0019 0033 00000001 00000708 00000b40
       001a 0019 00000e10 00001c20 38 20010db80a0000000000000000000000
       000d 0006 0006 6e6f6e65
     0052 0004 0000003c`,
    REPLY,
  ],
];

describe('octets', () => {
  it.each(DRAWN)('%s', (_, area, message) => {
    expect(hex(emitDhcpv6(message))).toBe(hex(octets(area)));
    expect(parseDhcpv6(octets(area))).toEqual({ ok: true, value: message });
  });

  it('[RFC 8415 §9] a Relay-forward around it', () => {
    const message = emitDhcpv6(relayed('relay-forward', SOLICIT));
    const header = `0c 00 ${hex(HOME)} ${hex(HOME)} 0012 0008 0102030405060708 0009`;
    expect(hex(message).startsWith(header.replace(/ /g, ''))).toBe(true);
  });

  it('what is written is read, whatever the values are', () => {
    fc.assert(
      fc.property(dhcpv6Messages, message => {
        expect(parseDhcpv6(emitDhcpv6(message))).toEqual({ ok: true, value: message });
      }),
      { seed },
    );
  });
});

describe('what is malformed', () => {
  it('is never an exception, and never read beyond its end', () => {
    const mutation = fc.record({
      message: dhcpv6Messages,
      at: fc.nat(),
      octet: fc.integer({ min: 0, max: 255 }),
      cut: fc.nat(),
    });
    fc.assert(
      fc.property(mutation, ({ message, at, octet, cut }) => {
        const whole = emitDhcpv6(message);
        whole[at % whole.length] = octet;
        const part = whole.subarray(0, cut % (whole.length + 1));
        const parsed = parseDhcpv6(part);
        // Whatever was taken can be said again.
        if (parsed.ok) expect(emitDhcpv6(parsed.value).length).toBeLessThanOrEqual(part.length);
      }),
      { seed, numRuns: 1000 },
    );
  });

  it.each([
    ['nothing', ''],
    ['a type that is not known', '0f a1b2c3'],
    ['a message that ends in its header', '01 a1b2'],
    ['a relay agent without addresses', `0c 00 ${hex(HOME)}`],
    ['an option that ends in its header', '01 a1b2c3 0001 00'],
    ['an option that runs past the end', '01 a1b2c3 0001 0005 00010203'],
    ['an option in an option that does', '01 a1b2c3 0019 0010 00000001 00000000 00000000 000d 0008'],
  ])('%s', (_, area) => {
    const parsed = parseDhcpv6(octets(area));
    if (area.includes('0019')) expect(parsed.ok && parsed.value.options[0]!.kind).toBe('opaque');
    else expect(parsed.ok).toBe(false);
  });

  it.each([
    ['a DUID without an identifier', '0001 0002 0004'],
    ['a DUID of 131 octets', `0001 0083 ${'00'.repeat(131)}`],
    ['an IA_PD without its times', '0019 0004 00000001'],
    ['a status without a number', '000d 0001 00'],
    ['a prefix outside an IA_PD', `001a 0019 ${'00'.repeat(25)}`],
  ])('[RFC 8415 §16] %s is no such option', (_, area) => {
    const parsed = parseDhcpv6(octets(`07 000000 ${area}`));
    expect(parsed.ok && parsed.value.options.map(({ kind }) => kind)).toEqual(['opaque']);
  });

  it('a value that does not fit is an error of the caller', () => {
    expect(() => emitDhcpv6({ ...SOLICIT, transaction: 2 ** 24 } as Dhcpv6Message)).toThrow(RangeError);
    const duid = new Uint8Array(131);
    expect(() => emitDhcpv6({ ...SOLICIT, options: [{ kind: 'client-id', duid }] } as Dhcpv6Message)).toThrow(
      RangeError,
    );
    const data = new Uint8Array(0x10000);
    expect(() =>
      emitDhcpv6({ ...SOLICIT, options: [{ kind: 'opaque', type: 999, data }] } as Dhcpv6Message),
    ).toThrow(RangeError);
  });
});

describe('the datagram', () => {
  it('is one to a reader of UDP, whatever its checksum comes to', () => {
    fc.assert(
      fc.property(dhcpv6Messages, message => {
        const read = parseUdpPacket(emitDatagram(HOME, AGENT, SERVER_PORT, message));
        expect(read.ok && hex(read.value.payload)).toBe(hex(emitDhcpv6(message)));
        expect(read.ok && [read.value.sourcePort, read.value.destinationPort]).toEqual([547, 547]);
      }),
      { seed },
    );
    const of = (transaction: number) =>
      emitDatagram(HOME, AGENT, CLIENT_PORT, { ...SOLICIT, transaction } as Dhcpv6Message);
    let transaction = 0;
    while (hex(of(transaction).subarray(46, 48)) !== 'ffff') transaction += 1;
    expect(parseUdpPacket(of(transaction)).ok).toBe(true);
  });
});

describe('tshark', () => {
  it('reads each option as it was meant', () => {
    const packets = [
      emitDatagram(HOME, AGENT, SERVER_PORT, relayed('relay-forward', SOLICIT)),
      emitDatagram(AGENT, HOME, SERVER_PORT, relayed('relay-reply', REPLY)),
    ];
    const [forward, reply] = dissect(packets).map(
      fields => (name: string) => fields.filter(field => field.name === name).map(({ value }) => value),
    );
    expect(forward!('dhcpv6.msgtype')).toEqual(['0c', '01']);
    expect(forward!('dhcpv6.xid')).toEqual(['a1b2c3']);
    expect(forward!('dhcpv6.linkaddr')).toEqual([hex(HOME)]);
    expect(forward!('dhcpv6.duid.bytes')).toEqual([hex(octets('0004 000102030405060708090a0b0c0d0e0f'))]);
    expect(forward!('dhcpv6.requested_option_code')).toEqual(['0052']);
    expect(forward!('dhcpv6.elapsed_time')).toEqual(['0064']);
    expect(reply!('dhcpv6.msgtype')).toEqual(['0d', '07']);
    expect(reply!('dhcpv6.iaprefix.pref_lifetime')).toEqual(['00000e10']);
    expect(reply!('dhcpv6.iaprefix.valid_lifetime')).toEqual(['00001c20']);
    expect(reply!('dhcpv6.iaprefix.pref_len')).toEqual(['38']);
    expect(reply!('dhcpv6.iaprefix.pref_addr')).toEqual(['20010db80a0000000000000000000000']);
    expect(reply!('dhcpv6.iaid.t1')).toEqual(['00000708']);
    expect(reply!('dhcpv6.iaid.t2')).toEqual(['00000b40']);
    expect(reply!('dhcpv6.status_code')).toEqual(['0006']);
    expect(reply!('_ws.malformed')).toEqual([]);
  });
});

describe('Scapy', () => {
  it('says the same, octet for octet', () => {
    const script = `
from scapy.layers.dhcp6 import *
duid = DUID_UUID(uuid="00010203-0405-0607-0809-0a0b0c0d0e0f")
print(bytes(DHCP6_Solicit(trid=0xa1b2c3) / DHCP6OptClientId(duid=duid) / DHCP6OptOptReq(reqopts=[82])
  / DHCP6OptElapsedTime(elapsedtime=100) / DHCP6OptRapidCommit() / DHCP6OptIA_PD(iaid=1, T1=0, T2=0)).hex())
prefix = DHCP6OptIAPrefix(preflft=3600, validlft=7200, plen=56, prefix="2001:db8:a00::")
status = DHCP6OptStatusCode(statuscode=6, statusmsg=b"none")
server = DUID_UUID(uuid="0f0e0d0c-0b0a-0908-0706-050403020100")
print(bytes(DHCP6_Reply(trid=0xa1b2c3) / DHCP6OptServerId(duid=server) / DHCP6OptPref(prefval=255)
  / DHCP6OptIA_PD(iaid=1, T1=1800, T2=2880, iapdopt=[prefix, status])
  / DHCP6OptUnknown(optcode=82, optlen=4, data=b"\\x00\\x00\\x00\\x3c")).hex())`;
    const said = execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
    expect(said).toEqual([hex(emitDhcpv6(SOLICIT)), hex(emitDhcpv6(REPLY))]);
  });
});
