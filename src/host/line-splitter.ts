/** Octets of a stream -> lines of UTF-8 text, with a bound on the length of a line. */
import { decodeUtf8 } from '../wire/utf8.ts';

const NEWLINE = 10;

export class LineSplitter {
  private readonly limit: number;
  private parts: Uint8Array[] = [];
  private octets = 0;

  /** `limit`: most octets of a line. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** The lines that are complete now, without their ends; undefined when one is too long: the stream is of no use. */
  push(bytes: Uint8Array): string[] | undefined {
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      if (!this.keep(bytes.subarray(start, end))) return undefined;
      lines.push(this.take());
      start = end + 1;
    }
    return this.keep(bytes.subarray(start)) ? lines : undefined;
  }

  private keep(part: Uint8Array): boolean {
    this.octets += part.length;
    if (part.length > 0) this.parts.push(part);
    return this.octets <= this.limit;
  }

  private take(): string {
    const line = new Uint8Array(this.octets);
    let at = 0;
    for (const part of this.parts) {
      line.set(part, at);
      at += part.length;
    }
    this.parts = [];
    this.octets = 0;
    return decodeUtf8(line);
  }
}
