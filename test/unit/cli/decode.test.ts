import { expect, test } from 'vitest';
import { decode } from '../../../src/cli/decode.ts';
import { plainScreen } from '../../../src/cli/layout.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { emitMobilityPacket } from '../../../src/wire/mobility-packet.ts';
import { hex, octets } from '../wire/octets.ts';

const address = parseAddress('2001:db8::1')!;
const packet = emitMobilityPacket({
  source: address,
  destination: address,
  message: { kind: 'heartbeat', response: true, unsolicited: false, sequence: 9, options: [] },
});

function run(source: string, asJson = false, file: Uint8Array | string = 'No such file or directory') {
  const output: string[] = [];
  const errors: string[] = [];
  const host = {
    print: (line: string) => output.push(line),
    printError: (line: string) => errors.push(line),
    readOctets: () => file,
  };
  return { code: decode(source, asJson, plainScreen(80), host), output, errors };
}

/** A pcap file with this packet, raw IP. */
const capture = (bytes: Uint8Array): Uint8Array => {
  const length = bytes.length.toString(16).padStart(8, '0');
  return octets(
    `a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000065 00000001 0007a120 ${length} ${length} ${hex(bytes)}`,
  );
};

test('octets as an argument, with blanks and colons or without', () => {
  const expected = [
    '2001:db8::1 > 2001:db8::1: Heartbeat, R, sequence 9',
    expect.stringMatching(/^ {2}Internet Protocol Version 6 +RFC 8200 §3$/),
  ];
  for (const text of [
    hex(packet),
    hex(packet).replace(/../g, '$& '),
    hex(packet)
      .replace(/..(?=.)/g, '$&:')
      .toUpperCase(),
  ]) {
    const { code, output, errors } = run(text);
    expect({ code, errors, start: output.slice(0, 2) }).toEqual({ code: 0, errors: [], start: expected });
    expect(output).toContainEqual(expect.stringMatching(/^ {4}response \(R\): set +RFC 5847 §3.3$/));
  }
});

test('a fault: exit status 1, said where it is and once more at the end', () => {
  const bytes = packet.slice();
  bytes[45]! ^= 1;
  const { code, output } = run(hex(bytes));
  expect(code).toBe(1);
  expect(output).toContainEqual(expect.stringMatching(/^ {6}! is wrong: \d+ would be right$/));
  expect(output.slice(-2)).toEqual([
    '1 fault:',
    expect.stringMatching(
      /^ {2}offset 44, Mobility Header > checksum: is wrong: \d+ would be right \(RFC 6275 §6.1.1\)$/,
    ),
  ]);
});

test('a capture file: one title a packet, with number and time', () => {
  const { code, output } = run('file.pcap', false, capture(packet));
  expect(code).toBe(0);
  expect(output[0]).toBe('#1 1.500000 2001:db8::1 > 2001:db8::1: Heartbeat, R, sequence 9');
});

test('--json: one object a packet', () => {
  const { output } = run('file.pcap', true, capture(packet));
  expect(output).toHaveLength(1);
  const object = JSON.parse(output[0]!);
  expect(object).toMatchObject({ number: 1, timestamp: 1.5, captureCut: false, faults: [] });
  expect(object.fields.at(-1)).toMatchObject({
    name: 'Heartbeat',
    section: 'RFC 5847 §3.3',
    fields: expect.arrayContaining([
      { name: 'sequence', offset: 48, length: 4, value: 9, section: 'RFC 5847 §3.3' },
    ]),
  });
});

test.each([
  [
    'neither octets nor a file',
    'nowhere.pcap',
    'No such file or directory',
    /neither hexadecimal octets nor a file/,
  ],
  ['another kind of file', 'x', octets('00112233445566778899aabbccddeeff'), /no pcap or pcapng file/],
  ['no IP packet', '00ff', '', /neither 4 nor 6/],
  [
    'a capture of another link type',
    'x',
    capture(packet).map((octet, at) => (at === 23 ? 147 : octet)),
    /link type 147/,
  ],
  ['a cut file', 'x', capture(packet).slice(0, -1), /the file ends within a packet/],
])('%s: one line that says so, exit status 1', (_title, source, file, problem) => {
  const { code, errors } = run(source, false, file);
  expect(code).toBe(1);
  expect(errors).toEqual([expect.stringMatching(problem)]);
});
