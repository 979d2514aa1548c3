/** What is wrong with a configuration, in words for the person who has to repair it. */

export interface Fault {
  readonly file: string;
  /** Counted from 1; 0 means the file as a whole. */
  readonly line: number;
  /** One sentence: what is wrong and what is accepted. Never contains key material. */
  readonly message: string;
}

/** `file:line: message`, the form that editors and people know from compilers. */
export function formatFault(fault: Fault): string {
  return `${fault.file}:${fault.line}: ${fault.message}`;
}

const LONGEST_QUOTE = 60;

/** Text from the file on one line, without control characters and not longer than a line. */
export function printable(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 3)}...` : text;
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

export function quoted(text: string): string {
  return `'${printable(text)}'`;
}
