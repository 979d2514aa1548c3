import { describe, expect, it } from 'vitest';
import { emitMessage, parseMessages } from '../../../src/netlink/message.ts';
import { emitRule, parseRule } from '../../../src/netlink/rule.ts';
import { parsePrefix } from '../../../src/wire/address.ts';
import { octets } from '../wire/octets.ts';
import { ofThisMachine } from './captured.ts';

describe('octets in the byte order of the machine', () => {
  const rule = {
    priority: 910,
    from: parsePrefix('2001:db8::/32')!,
    to: parsePrefix('::/0')!,
    table: 7101,
    protocol: 135,
    plain: true,
  };
  /** Family 10, /32, action 1; FRA_SRC; FRA_PRIORITY 910; FRA_TABLE 7101; FRA_PROTOCOL 135. */
  const bytes = octets(
    ofThisMachine(
      `0a002000 00000001 00000000
       1400 0200 20010db8 00000000 00000000 00000000
       0800 0600 8e030000  0800 0f00 bd1b0000  0500 1500 87 000000`,
      `0a002000 00000001 00000000
       0014 0002 20010db8 00000000 00000000 00000000
       0008 0006 0000038e  0008 000f 00001bbd  0005 0015 87 000000`,
    ),
  );

  it('writes and reads a rule', () => {
    expect(emitRule(rule)).toEqual(bytes);
    expect(parseRule(bytes)).toEqual(rule);
  });

  it('writes and reads the header of a message', () => {
    const message = emitMessage({ type: 32, flags: 0x600, body: bytes }, 4, 258);
    const header = ofThisMachine(
      '48000000 2000 0506 02010000 00000000',
      '00000048 0020 0605 00000102 00000000',
    );
    expect(message.subarray(0, 16)).toEqual(octets(header));
    expect(parseMessages(message)).toEqual([{ type: 32, flags: 0x605, sequence: 258, port: 0, body: bytes }]);
  });
});
