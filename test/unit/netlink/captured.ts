/** The messages of captured.txt by name. They are little-endian, like every machine that runs these tests. */
import { readFileSync } from 'node:fs';
import { type Message, parseMessages } from '../../../src/netlink/message.ts';

const paragraphs = readFileSync(new URL('captured.txt', import.meta.url), 'utf8')
  .split('\n\n')
  .slice(1);

export const captured = new Map(
  paragraphs.map(paragraph => {
    const [title, hex] = paragraph.trim().split('\n') as [string, string];
    return [title.slice(0, title.indexOf(': ')), Uint8Array.from(Buffer.from(hex, 'hex'))];
  }),
);

/** The one message of that name. */
export function capturedMessage(name: string): Message {
  const [message] = parseMessages(captured.get(name)!);
  return message!;
}
