import { describe, expect, it } from 'vitest';
import { parseStatistics, statisticsRequest } from '../../../src/netlink/link-statistics.ts';
import { emitMessage, parseMessages } from '../../../src/netlink/message.ts';
import { octets } from '../wire/octets.ts';
import { ofThisMachine } from './captured.ts';

/** What a kernel (Linux 6.1) answers about eth0; the counters behind the first five, all 0, are cut off. */
const ANSWER = octets(
  ofThisMachine(
    `48000000 5c00 0000 07000000 c8320000
     00000000 04000000 01000000  2c00 0100
     4160000000000000 8136000000000000 73bf293900000000 ecd6110000000000 0000000000000000`,
    `00000048 005c 0000 00000007 000032c8
     00000000 00000004 00000001  002c 0001
     0000000000006041 0000000000003681 000000003929bf73 000000000011d6ec 0000000000000000`,
  ),
);

describe('statistics of a link', () => {
  it('are asked for one at a time', () => {
    const request = emitMessage(statisticsRequest(4), 0, 7);
    const expected = ofThisMachine(
      '1c000000 5e00 0100 07000000 00000000  00000000 04000000 01000000',
      '0000001c 005e 0001 00000007 00000000  00000000 00000004 00000001',
    );
    expect(request).toEqual(octets(expected));
  });

  it('count octets in 64 bits', () => {
    const [message] = parseMessages(ANSWER);
    expect(parseStatistics(message!)).toEqual({ index: 4, received: 959037299, sent: 1169132 });
    const long = ANSWER.slice();
    // A terabyte and more: the fifth octet of the count that ends at 32 + 24.
    long[ofThisMachine(32 + 16 + 5, 32 + 16 + 2)] = 1;
    expect(parseStatistics(parseMessages(long)[0]!)?.received).toBe(959037299 + 2 ** 40);
  });

  it('are in no other message', () => {
    const [message] = parseMessages(ANSWER);
    expect(parseStatistics({ ...message!, type: 16 })).toBeUndefined();
    expect(parseStatistics({ ...message!, body: message!.body.subarray(0, 12) })).toBeUndefined();
  });
});
