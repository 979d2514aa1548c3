import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emitRequest, parseReport } from '../../../src/host/netio-frame.ts';
import { hex, octets } from '../wire/octets.ts';

const LOOPBACK = octets(`${'00'.repeat(15)}01`);

describe('requests', () => {
  test.each([
    [{ type: 'open', id: 1, socket: { kind: 'raw6', protocol: 60 } }, '01000100 01 3c'],
    [{ type: 'open', id: 3, socket: { kind: 'raw6-send' } }, '01000300 02'],
    [{ type: 'open', id: 4, socket: { kind: 'netlink-route', groups: 0x80000001 } }, '01000400 03 01000080'],
    [{ type: 'open', id: 7, socket: { kind: 'unix-listen', path: '/é' } }, '01000700 04 2fc3a9'],
    [{ type: 'open', id: 8, socket: { kind: 'unix-connect', path: '/a' } }, '01000800 05 2f61'],
    [{ type: 'open', id: 63, socket: { kind: 'syslog' } }, '01003f00 06'],
    [{ type: 'open', id: 2, socket: { kind: 'ubus' } }, '01000200 08'],
    [{ type: 'send', id: 9, bytes: octets('0102') }, '02000900 0102'],
    [{ type: 'send', id: 9, bytes: octets('0102'), answer: true }, '02010900 0102'],
    [
      { type: 'send', id: 9, bytes: octets('0102'), target: { destination: LOOPBACK, ifindex: 7 } },
      `02000900 ${'00'.repeat(16)} ${'00'.repeat(15)}01 07000000 0102`,
    ],
    [{ type: 'close', id: 256 }, '03000001'],
    [{ type: 'nft', id: 1, input: octets('0a'), more: true }, '04010100 0a'],
    [{ type: 'nft', id: 1, input: octets('0a'), more: false }, '04000100 0a'],
    [{ type: 'sysctl', id: 2, name: 'a/b', value: -2 }, '05000200 feffffff 612f62'],
  ] as const)('%j', (request, frame) => {
    expect(hex(emitRequest(request))).toBe(frame.replace(/ /g, ''));
  });
});

describe('reports', () => {
  const meta = `${'00'.repeat(15)}01 ${'00'.repeat(16)} 02000000`;

  test.each([
    ['01000100', { type: 'opened', id: 1 }],
    [
      `02ff0200 ${meta} 0102`,
      {
        type: 'received',
        id: 2,
        message: {
          bytes: octets('0102'),
          source: LOOPBACK,
          ifindex: 2,
          hopLimit: 255,
        },
      },
    ],
    ['03004000 0500 e8030000', { type: 'accepted', id: 64, listener: 5, user: 1000 }],
    ['04000100', { type: 'sent', id: 1 }],
    ['05010100 6162', { type: 'fault', id: 1, lost: true, reason: 'ab' }],
    ['05000100', { type: 'fault', id: 1, lost: false, reason: '' }],
    ['06000100 61', { type: 'closed', id: 1, reason: 'a' }],
    ['07000100 ffffffff 61', { type: 'done', id: 1, status: -1, text: 'a' }],
    ['08000000 0f', { type: 'signal', number: 15 }],
  ])('%s', (frame, report) => {
    expect(parseReport(octets(frame))).toEqual(report);
  });

  test('a frame that is cut short is no report', () => {
    for (const frame of [
      '01000100',
      `02000200${meta}`,
      '030040000500e8030000',
      '0700010000000000',
      '080000000f',
    ]) {
      const whole = octets(frame);
      for (let length = 0; length < whole.length; length++)
        expect(parseReport(whole.subarray(0, length))).toBeUndefined();
    }
  });

  test('arbitrary octets are a report or nothing, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.integer({ min: 0, max: 12 }), (octets, type) => {
        if (octets.length > 0) octets[0] = type;
        const report = parseReport(octets);
        if (report && 'id' in report) expect(report.id).toBe(octets[2]! | (octets[3]! << 8));
      }),
      { numRuns: 3000 },
    );
  });

  test('a report is a copy: the buffer it was read into may be used again', () => {
    const frame = octets(`02000200 ${meta} 0102`);
    const report = parseReport(frame);
    frame.fill(0xff);
    expect(report).toMatchObject({ message: { bytes: octets('0102'), source: LOOPBACK } });
  });
});
