/**
 * UCI files as OpenWrt's libuci reads them (strict mode, one package a file), but with all faults reported
 * instead of the first one.
 *
 *     package kedge            # optional, has no effect
 *     config TYPE ['NAME']     # begins a section; the same name again goes on with that section
 *         option NAME 'VALUE'  # an empty value changes nothing
 *         list NAME 'VALUE'    # adds to a list; after `option` of that name, its value comes first
 *
 * Section and option names are made of ASCII letters, digits and `_`; section types of printable ASCII.
 */
import { type Fault, quoted } from './fault.ts';
import { Scanner, SyntaxFault } from './scanner.ts';
import { suggestion } from './suggestion.ts';

/** Longest file that is read, in characters. */
export const LONGEST_FILE = 262_144;
/** After so many faults the rest of the file is not read. */
const MOST_FAULTS = 100;

export interface Value {
  readonly text: string;
  readonly line: number;
}

export interface Option {
  readonly name: string;
  readonly list: boolean;
  /** At least one; exactly one unless `list`. */
  readonly values: readonly Value[];
}

export interface Section {
  readonly type: string;
  /** Undefined: an anonymous section. */
  readonly name: string | undefined;
  readonly line: number;
  readonly options: ReadonlyMap<string, Option>;
  /** A statement of it could not be read: what is missing here may have been meant there. */
  readonly damaged: boolean;
}

export interface Document {
  readonly sections: readonly Section[];
  readonly faults: readonly Fault[];
}

/** Never throws. A statement with a fault is left out; the rest of the file is read all the same. */
export function parseDocument(file: string, text: string): Document {
  if (text.length > LONGEST_FILE) {
    const message = `the file has ${text.length} characters: expected at most ${LONGEST_FILE}`;
    return { sections: [], faults: [{ file, line: 0, message }] };
  }
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    const line = text.slice(0, zero).split('\n').length;
    return { sections: [], faults: [{ file, line, message: 'a NUL character: expected text' }] };
  }
  return new DocumentReader(file, text).read();
}

interface OpenSection extends Section {
  readonly options: Map<string, Option>;
  damaged: boolean;
}

class DocumentReader {
  private readonly file: string;
  private readonly scanner: Scanner;
  private readonly sections: OpenSection[] = [];
  private readonly named = new Map<string, OpenSection>();
  private readonly faults: Fault[] = [];
  /** Where options go; undefined before the first section. */
  private open: OpenSection | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.scanner = new Scanner(text);
  }

  read(): Document {
    while (this.scanner.nextLine()) {
      try {
        this.readStatements();
      } catch (error) {
        if (!(error instanceof SyntaxFault)) throw error;
        this.faults.push({ file: this.file, line: error.line, message: error.message });
        if (this.open !== undefined) this.open.damaged = true;
        if (this.faults.length === MOST_FAULTS) {
          const message = `more than ${MOST_FAULTS} faults: the rest of the file was not read`;
          this.faults.push({ file: this.file, line: this.scanner.line, message });
          break;
        }
      }
    }
    return { sections: this.sections, faults: this.faults };
  }

  private readStatements(): void {
    for (;;) {
      const word = this.scanner.keyword()?.replace(/\r?\n$/, '');
      if (word === undefined || word.startsWith('#')) return;
      switch (word) {
        case 'p':
        case 'package':
          this.readPackage();
          break;
        case 'c':
        case 'config':
          this.readConfig();
          break;
        case 'o':
        case 'option':
          this.readOption(false);
          break;
        case 'l':
        case 'list':
          this.readOption(true);
          break;
        default:
          // The word is not shown: it may be a piece of a key that lost its quotes.
          this.fail(
            `not a UCI statement: expected 'config', 'option', 'list' or 'package' and its arguments${suggestion(word, ['config', 'option', 'list', 'package'])}`,
          );
      }
    }
  }

  private readPackage(): void {
    const name = this.scanner.argument();
    if (name === '') this.fail("'package' without a name: expected package NAME");
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      this.fail(`the package name ${quoted(name)} is not valid: expected letters, digits, '_' and '-'`);
    }
    this.endStatement('package NAME');
  }

  private readConfig(): void {
    const line = this.scanner.line;
    const options = new Map<string, Option>();
    // Whatever is wrong with this section, its options must not end up in the one before.
    this.open = { type: '', name: undefined, line, options, damaged: true };
    const type = this.scanner.argument();
    if (type === '') this.fail("'config' without a section type: expected config TYPE 'NAME'");
    if (!/^[!-~]+$/.test(type)) {
      this.fail(
        `the section type ${quoted(type)} is not valid: expected printable ASCII characters without blanks`,
      );
    }
    const name = this.scanner.argument();
    const known = this.named.get(name);
    if (known?.type === type) {
      this.open = known;
    } else {
      this.open = { type, name: name === '' ? undefined : name, line, options, damaged: false };
      this.sections.push(this.open);
    }
    this.checkName('section', name);
    this.endStatement("config TYPE 'NAME'");
    if (known !== undefined && known.type !== type) {
      this.fail(
        `${type} '${name}' has the name of the ${known.type} in line ${known.line}: expected a name that no other section has`,
      );
    }
    if (name !== '') this.named.set(name, this.open);
  }

  private readOption(list: boolean): void {
    const statement = list ? 'list' : 'option';
    const line = this.scanner.line;
    if (this.open === undefined) {
      this.fail(`'${statement}' before the first section: expected config TYPE 'NAME' above it`);
    }
    const name = this.scanner.argument();
    this.checkName('option', name);
    if (name === '') this.fail(`'${statement}' without a name: expected ${statement} NAME 'VALUE'`);
    const value: Value = { text: this.scanner.argument(), line };
    this.endStatement(`${statement} NAME 'VALUE'`);
    const { options } = this.open;
    if (list) {
      options.set(name, { name, list, values: [...(options.get(name)?.values ?? []), value] });
    } else if (value.text !== '') {
      options.set(name, { name, list, values: [value] });
    }
  }

  private checkName(what: string, name: string): void {
    if (!/^[A-Za-z0-9_]*$/.test(name)) {
      this.fail(`the ${what} name ${quoted(name)} is not valid: expected ASCII letters, digits and '_'`);
    }
  }

  private endStatement(form: string): void {
    // What is too much is not shown: it may be a piece of a key that lost its quotes.
    if (this.scanner.argument() !== '') {
      this.fail(`too many arguments: expected ${form}, with quotes around a value that has blanks`);
    }
  }

  private fail(message: string): never {
    throw new SyntaxFault(this.scanner.line, message);
  }
}
