import { describe, expect, it } from 'vitest';
import { INTERRUPTED, NetlinkClient } from '../../../src/netlink/client.ts';
import { concat, s32 } from '../../../src/netlink/codec.ts';
import { errorName } from '../../../src/netlink/error.ts';
import { emitMessage, Flag, type Message, parseMessages } from '../../../src/netlink/message.ts';
import { captured } from './captured.ts';

const NOTHING = new Uint8Array(0);
const REQUEST = { type: 24, flags: 0, body: NOTHING };

/** The kernel is faked here: the tests write its answers themselves. */
function setUp() {
  const sent: Message[][] = [];
  const heard: Message[] = [];
  let overruns = 0;
  const client = new NetlinkClient(datagram => sent.push(parseMessages(datagram)), {
    notification: message => heard.push(message),
    overrun: () => overruns++,
  });
  const say = (type: number, flags: number, sequence: number, body: Uint8Array = NOTHING): void =>
    client.receive(emitMessage({ type, flags, body }, 0, sequence));
  const answer = (sequence: number, errno: number): void => say(2, 0, sequence, s32.encode(-errno));
  return { client, sent, heard, say, answer, overruns: () => overruns };
}

describe('a batch', () => {
  it('travels in one datagram and is settled by the answer to its last request', async () => {
    const { client, sent, answer } = setUp();
    const outcomes = client.batch([REQUEST, REQUEST, REQUEST]);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.map(message => (message.flags & Flag.acknowledge) !== 0)).toEqual([false, false, true]);
    const [first, second, third] = sent[0]!.map(message => message.sequence) as [number, number, number];
    answer(second, 17);
    answer(third, 0);
    expect((await outcomes).map(error => error && errorName(error))).toEqual([
      undefined,
      'EEXIST',
      undefined,
    ]);
    answer(first, 17);
  });

  it('goes in groups that cannot overrun the queue of answers', async () => {
    const { client, sent, answer } = setUp();
    const outcomes = client.batch(Array.from({ length: 150 }, () => REQUEST));
    for (const [group, size] of [64, 64, 22].entries()) {
      expect(sent).toHaveLength(group + 1);
      expect(sent[group]).toHaveLength(size);
      answer(sent[group]!.at(-1)!.sequence, group === 1 ? 1 : 0);
      await Promise.resolve();
    }
    const failed = (await outcomes).flatMap((error, at) => (error === undefined ? [] : [at]));
    expect(failed).toEqual([127]);
  });

  it('of nothing sends nothing', async () => {
    const { client, sent } = setUp();
    expect(await client.batch([])).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe('a dump', () => {
  it('gives every part, and leaves notifications with the same sequence number alone', async () => {
    const { client, sent, heard, say } = setUp();
    const parts: number[] = [];
    const done = client.dump(REQUEST, message => parts.push(message.body.length));
    const { sequence, flags } = sent[0]![0]!;
    expect(flags & Flag.dump).toBe(Flag.dump);
    say(24, Flag.multipart, sequence, new Uint8Array(4));
    say(24, 0, sequence, new Uint8Array(8));
    say(24, Flag.multipart, sequence, new Uint8Array(12));
    say(3, Flag.multipart, sequence, s32.encode(0));
    expect(await done).toBeUndefined();
    expect(parts).toEqual([4, 12]);
    expect(heard.map(message => message.body.length)).toEqual([8]);
  });

  it('says when it was interrupted, and when it was refused', async () => {
    const { client, sent, say, answer } = setUp();
    const interrupted = client.dump(REQUEST, () => {});
    say(24, Flag.multipart | Flag.dumpInterrupted, sent[0]![0]!.sequence);
    say(3, Flag.multipart, sent[0]![0]!.sequence, s32.encode(0));
    expect(await interrupted).toBe(INTERRUPTED);
    const refused = client.dump(REQUEST, () => {});
    answer(sent[1]![0]!.sequence, 95);
    expect(errorName((await refused)!)).toBe('EOPNOTSUPP');
  });
});

describe('lost messages', () => {
  it('end everything that waits for an answer', async () => {
    const { client, overruns } = setUp();
    const outcomes = client.batch(Array.from({ length: 65 }, () => REQUEST));
    const dump = client.dump(REQUEST, () => {});
    client.overrun();
    expect((await outcomes).every(error => error && errorName(error) === 'ENOBUFS')).toBe(true);
    expect(errorName((await dump)!)).toBe('ENOBUFS');
    expect(overruns()).toBe(1);
  });

  it('may also be announced by a message', () => {
    const { say, overruns } = setUp();
    say(4, 0, 0);
    expect(overruns()).toBe(1);
  });
});

it('gives each message of a datagram to whom it concerns', () => {
  const { client, heard } = setUp();
  client.receive(concat([captured.get('link up')!, captured.get('rule to')!, captured.get('refused link')!]));
  expect(heard.map(message => message.type)).toEqual([16, 32]);
});
