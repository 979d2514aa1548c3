/**
 * The words of a UCI file, found as OpenWrt's libuci finds them: a line at a time, where a quoted word or a
 * backslash at the end of a line pulls in the next line. `document.ts` gives the words their meaning.
 */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const SEMICOLON = 59;
const BACKSLASH = 92;
/** What reading beyond the end of the line gives. A NUL in the text itself is refused by the caller. */
const END = 0;

/** C's isspace(). */
function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** A statement that cannot be read; `line` is where the trouble begins. */
export class SyntaxFault extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export class Scanner {
  private readonly text: string;
  private position = 0;
  /** End of the part of the line that can still be read: the line's end, or a comment's beginning. */
  private limit = 0;
  /** Where the next line begins. */
  private following = 0;
  /** Number of the last line read, from 1. */
  line = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes to the next line, whatever is left of this one. False at the end of the file. */
  nextLine(): boolean {
    if (this.following >= this.text.length) {
      this.limit = this.position = this.following;
      return false;
    }
    const newline = this.text.indexOf('\n', this.following);
    this.position = this.following;
    this.limit = this.following = newline < 0 ? this.text.length : newline + 1;
    this.line++;
    while (isBlank(this.current()) && this.current() !== END) this.position++;
    return true;
  }

  /**
   * The word that begins a statement: whatever stands up to a space or tab, quotes not being special.
   * Undefined: nothing more on this line.
   */
  keyword(): string | undefined {
    while (this.current() === 32 || this.current() === 9) this.position++;
    const start = this.position;
    while (this.current() !== END && this.current() !== 32 && this.current() !== 9) this.position++;
    return start === this.position ? undefined : this.text.slice(start, this.position);
  }

  /** The next argument of the statement, without its quotes; empty when there is none. */
  argument(): string {
    while (isBlank(this.current())) this.position++;
    if (this.current() === SEMICOLON) {
      this.position++;
      return '';
    }
    return this.word();
  }

  private word(): string {
    const start = this.position;
    let word = '';
    do {
      const code = this.current();
      if (code === SINGLE_QUOTE || code === DOUBLE_QUOTE) {
        word += this.quotedPart(code);
      } else if (code === HASH) {
        this.limit = this.position;
      } else if (code === END) {
        break;
      } else if (code === SEMICOLON) {
        if (this.position - start === word.length) this.endStatementAtBareWord();
        return word;
      } else if (code !== BACKSLASH || this.escaped()) {
        word += this.text[this.position++];
      }
    } while (this.current() !== END && !isBlank(this.current()));
    if (this.current() !== END) this.position++;
    return word;
  }

  /**
   * libuci ends the whole line, not only the statement, at a semicolon that touches a word without quotes.
   * Nothing is lost silently here: what would be ignored has to be blank or a comment.
   */
  private endStatementAtBareWord(): void {
    const rest = this.text.slice(this.position, this.limit);
    this.limit = this.position;
    if (!/^[;\s]*(#|$)/.test(rest)) {
      throw new SyntaxFault(
        this.line,
        "UCI ignores what follows a ';' that touches an unquoted word: put the value in quotes, or the next statement on a line of its own",
      );
    }
  }

  /** After a backslash: true when a character to be taken literally follows, false when the line goes on below. */
  private escaped(): boolean {
    this.position++;
    const code = this.current();
    const atEnd =
      code === END ||
      code === NEWLINE ||
      (code === CARRIAGE_RETURN &&
        this.text.charCodeAt(this.position + 1) === NEWLINE &&
        this.position + 2 === this.limit);
    if (atEnd) this.continueLine();
    return !atEnd;
  }

  /** Inside single quotes every character stands for itself; inside double quotes a backslash escapes. */
  private quotedPart(quote: number): string {
    const opened = this.line;
    let part = '';
    this.position++;
    for (;;) {
      const code = this.current();
      if (code === quote) {
        this.position++;
        return part;
      }
      if (code === END) {
        if (!this.continueLine()) {
          const mark = String.fromCharCode(quote);
          throw new SyntaxFault(
            opened,
            `the quote ${mark} that begins here is never closed: expected another ${mark}`,
          );
        }
      } else if (quote === SINGLE_QUOTE || code !== BACKSLASH || this.escaped()) {
        part += this.text[this.position++];
      }
    }
  }

  /** Reads on in the next line, whose leading blanks count. */
  private continueLine(): boolean {
    const start = this.following;
    const found = this.nextLine();
    this.position = start;
    return found;
  }

  private current(): number {
    return this.position < this.limit ? this.text.charCodeAt(this.position) : END;
  }
}
