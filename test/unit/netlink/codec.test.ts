import { describe, expect, it, vi } from 'vitest';

// A MIPS router is big-endian; no machine that runs these tests is.
vi.mock('../../../src/netlink/byte-order.ts', () => ({ LITTLE_ENDIAN: false }));

const { emitRule, parseRule } = await import('../../../src/netlink/rule.ts');
const { emitMessage, parseMessages } = await import('../../../src/netlink/message.ts');
const { parsePrefix } = await import('../../../src/wire/address.ts');

describe('on a big-endian machine', () => {
  const rule = {
    priority: 910,
    from: parsePrefix('2001:db8::/32')!,
    to: parsePrefix('::/0')!,
    table: 7101,
    protocol: 135,
    plain: true,
  };
  const octets =
    '0a0020000000000100000000' + // family 10, /32, action 1
    '00140002 20010db8000000000000000000000000' + // FRA_SRC
    '000800060000038e' + // FRA_PRIORITY 910
    '0008000f00001bbd' + // FRA_TABLE 7101
    '0005001587000000'; // FRA_PROTOCOL 135
  const bytes = Uint8Array.from(Buffer.from(octets.replaceAll(' ', ''), 'hex'));

  it('writes and reads a rule', () => {
    expect(emitRule(rule)).toEqual(bytes);
    expect(parseRule(bytes)).toEqual(rule);
  });

  it('writes and reads the header of a message', () => {
    const message = emitMessage({ type: 32, flags: 0x600, body: bytes }, 4, 258);
    expect(Buffer.from(message.subarray(0, 16)).toString('hex')).toBe('00000048002006050000010200000000');
    expect(parseMessages(message)).toEqual([{ type: 32, flags: 0x605, sequence: 258, port: 0, body: bytes }]);
  });
});
