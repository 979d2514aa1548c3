/** The kernel's messages by name, in the byte order of the machine that runs the test. */
import { type Message, parseMessages } from '../../../src/netlink/message.ts';
import { octets } from '../wire/octets.ts';
import { BIG_ENDIAN_MESSAGES } from './big-endian.ts';
import { LITTLE_ENDIAN_MESSAGES } from './little-endian.ts';

/** Not asked of the code under test: its mistake would choose what agrees with it. */
const isLittleEndian = new DataView(Uint32Array.of(1).buffer).getUint8(0) === 1;

/** That of the two which a kernel on this machine would send. */
export function ofThisMachine<T>(littleEndian: T, bigEndian: T): T {
  return isLittleEndian ? littleEndian : bigEndian;
}

const paragraphs = ofThisMachine(LITTLE_ENDIAN_MESSAGES, BIG_ENDIAN_MESSAGES).trim().split('\n\n');

export const captured = new Map(
  paragraphs.map(paragraph => {
    const [title, ...lines] = paragraph.split('\n') as [string, ...string[]];
    return [title.split(': ')[0]!, octets(lines.join(''))];
  }),
);

/** The one message of that name. */
export function capturedMessage(name: string): Message {
  const [message] = parseMessages(captured.get(name)!);
  return message!;
}
