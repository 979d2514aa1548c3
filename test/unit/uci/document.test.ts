import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_FILE, parseDocument } from '../../../src/uci/document.ts';

/** `TYPE NAME: OPTION=VALUE|VALUE` for each section, so that a case fits on a line. */
function read(text: string): string[] {
  const { sections, faults } = parseDocument('kedge', text);
  expect(faults).toEqual([]);
  return sections.map(section => {
    const options = [...section.options.values()].map(
      option =>
        `${option.name}${option.list ? '[]' : ''}=${option.values.map(value => value.text).join('|')}`,
    );
    return `${section.type} ${section.name ?? '-'}: ${options.join(' ')}`;
  });
}

function faultsOf(text: string): string[] {
  return parseDocument('kedge', text).faults.map(fault => `${fault.line}: ${fault.message}`);
}

/** One section around an option's value. */
const valued = (value: string) => read(`config a b\n\toption x ${value}\n`);

describe('a file is read as libuci reads it', () => {
  // Every row was compared with libuci of November 2025.
  test.each([
    ['an unquoted value', 'abc', 'abc'],
    ['single quotes', "'a b'", 'a b'],
    ['double quotes', '"a b"', 'a b'],
    ['quotes beside bare text', `a'b'"c"d`, 'abcd'],
    ['the other quote inside quotes', `"it's"'"'`, `it's"`],
    ['a backslash in a bare word', 'a\\ b\\#\\;\\\\', 'a b#;\\'],
    ['a backslash in double quotes: the next character itself', '"a\\"b\\nc"', 'a"bnc'],
    ['a backslash in single quotes: nothing special', "'a\\b'", 'a\\b'],
    ['a line end inside single quotes', "'a\n b'", 'a\n b'],
    ['a line end inside double quotes', '"a\n# b"', 'a\n# b'],
    ['a line that goes on in double quotes', '"a\\\nb"', 'ab'],
    ['a line that goes on in a bare word', 'a\\\nb', 'ab'],
    ['a line that goes on, with CR LF', 'a\\\r\nb', 'ab'],
    ['a backslash and a line end in single quotes', "'a\\\nb'", 'a\\\nb'],
    ['a backslash at the end of the file', 'a\\', 'a'],
    ['a comment after the value', "'a' # 'b", 'a'],
    ['a comment that touches a bare word', 'a#b', 'a'],
    ['a comment that touches a quoted word', "'a'#b", 'a'],
    ['a hash in quotes', "'#a'", '#a'],
    ['empty quotes beside text', "''a", 'a'],
    ['CR LF', 'a\r', 'a'],
    ['text beyond ASCII', 'ä', 'ä'],
    ['a semicolon in quotes', "'a;b'", 'a;b'],
  ])('value: %s', (_, text, value) => {
    expect(valued(text)).toEqual([`a b: x=${value}`]);
  });

  test.each([
    ['no value: nothing is set', 'option x', 'a b: '],
    ['an empty value: nothing is set', "option x ''", 'a b: '],
    ['an empty value does not unset', "option x 1\noption x ''", 'a b: x=1'],
    ['a comment in place of the value', "option x #'", 'a b: '],
    ['the last option counts', 'option x 1\noption x 2', 'a b: x=2'],
    ['a list', 'list x 1\nlist x 2', 'a b: x[]=1|2'],
    ['an empty list item is an item', "list x ''", 'a b: x[]='],
    ['a list goes on from an option', 'option x 1\nlist x 2', 'a b: x[]=1|2'],
    ['an option replaces a list', 'list x 1\nlist x 2\noption x 3', 'a b: x=3'],
    ['one-letter statements', 'o x 1\nl y 2', 'a b: x=1 y[]=2'],
    ['blanks of every kind between words', 'option\tx  \t 1 \t', 'a b: x=1'],
    ['a vertical tab before a statement', '\voption x 1', 'a b: x=1'],
    ['a quoted option name', `option "x" 1`, 'a b: x=1'],
    ['several statements on a line', "option x 'a' ;option y 'b'; list z c", 'a b: x=a y=b z[]=c'],
    ['a semicolon at the end after a bare word', 'option x 1;\noption y 2', 'a b: x=1 y=2'],
    ['semicolons and a comment after a bare word', 'option x 1;; # c\noption y 2', 'a b: x=1 y=2'],
    ['a comment after a semicolon', "option x 'a' ; # c", 'a b: x=a'],
    ['a statement after a backslash at the line end', "option x 'a' \\\n option y 2", 'a b: x=a y=2'],
    ['a line that goes on before the name', 'option \\\nx 1', 'a b: x=1'],
    ['comments and blank lines', "\n# 'x\n\t#y\n  \noption x 1", 'a b: x=1'],
  ])('statements: %s', (_, text, section) => {
    expect(read(`config a b\n${text}`)).toEqual([section]);
  });

  test.each([
    ['anonymous sections stay apart', 'config a\noption x 1\nconfig a\noption x 2', ['a -: x=1', 'a -: x=2']],
    ['an empty name is no name', "config a ''", ['a -: ']],
    [
      'the same name again goes on',
      'config a b\noption x 1\nconfig c d\nconfig a b\noption y 2',
      ['a b: x=1 y=2', 'c d: '],
    ],
    ['a dash in a section type', 'config a-b c', ['a-b c: ']],
    ['a package statement has no effect', 'package f-o\nconfig a b', ['a b: ']],
    ['a package statement in the middle', 'config a b\npackage x\noption y 1', ['a b: y=1']],
    ['an empty file', '', []],
  ])('sections: %s', (_, text, sections) => {
    expect(read(text)).toEqual(sections);
  });

  test.each([
    ['an unknown statement', 'config a b\nbogus x', 2, "not a UCI statement: expected 'config'"],
    ['a quoted statement word', '"config" a b', 1, 'not a UCI statement'],
    ['a byte order mark', '\ufeffconfig a b', 1, 'not a UCI statement'],
    ['a semicolon before a statement', "config a 'b';;option x 1", 1, 'not a UCI statement'],
    ['a semicolon before the line end', "config a b\noption x 'a';\n", 2, 'not a UCI statement'],
    ['a mistyped statement', 'config a b\noptoin x 1', 2, "did you mean 'option'?"],
    ['config without type', 'config\n', 1, "'config' without a section type"],
    ['config with three words', 'config a b c', 1, "too many arguments: expected config TYPE 'NAME'"],
    ['option with three words', 'config a b\noption x y z', 2, 'too many arguments'],
    ['option with two quoted values', "config a b\noption x '1' '2'", 2, 'too many arguments'],
    ['a semicolon in place of the value', 'config a b\noption x ; option y 2', 2, 'too many arguments'],
    ['option without name', 'config a b\noption', 2, "'option' without a name: expected option NAME 'VALUE'"],
    ['list without name', "config a b\nlist '' 1", 2, "'list' without a name"],
    ['option before a section', 'option x 1', 1, "'option' before the first section"],
    ['a dash in a section name', 'config a b-c', 1, "the section name 'b-c' is not valid: expected ASCII"],
    ['a dash in an option name', 'config a b\noption x-y 1', 2, "the option name 'x-y' is not valid"],
    ['a blank in a section type', "config 'a b' c", 1, "the section type 'a b' is not valid"],
    ['one name, two types', 'config a b\nconfig c b', 2, "c 'b' has the name of the a in line 1"],
    ['an open single quote', "config a b\noption x 'y\n\nconfig", 2, 'never closed'],
    ['an open double quote', 'config a b\noption x "y\\', 2, 'never closed'],
    ['package without name', 'package\n', 1, "'package' without a name"],
    ['a dot in a package name', 'package a.b', 1, "the package name 'a.b' is not valid"],
    ['a NUL', 'config a b\n\0', 2, 'a NUL character'],
    ['too long a file', `#${' '.repeat(LONGEST_FILE)}`, 0, `expected at most ${LONGEST_FILE}`],
  ])('fault: %s', (_, text, line, message) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${line}: `);
    expect(faults[0]!.startsWith(`${line}: `)).toBe(true);
    expect(faults[0]).toContain(message);
  });
});

test('what libuci would drop without a word is a fault here', () => {
  expect(faultsOf('config a b\noption x 1;option y 2')).toEqual([
    expect.stringContaining("2: UCI ignores what follows a ';'"),
  ]);
});

test('all faults are reported, and the rest of the file is read', () => {
  const { sections, faults } = parseDocument(
    'kedge',
    'config a b\noption\noption x 1\nbogus\nconfig c d-\noption y 2\n',
  );
  expect(faults.map(fault => fault.line)).toEqual([2, 4, 5]);
  expect(sections.map(section => [section.type, section.damaged, [...section.options.keys()]])).toEqual([
    ['a', true, ['x']],
    ['c', true, ['y']],
  ]);
});

test('faults are bounded', () => {
  const { faults } = parseDocument('kedge', 'bogus\n'.repeat(1000));
  expect(faults).toHaveLength(101);
  expect(faults.at(-1)).toEqual({
    file: 'kedge',
    line: 100,
    message: 'more than 100 faults: the rest of the file was not read',
  });
});

/** Pieces that make up plausible and broken files. */
const piece = fc.constantFrom(
  ...[
    'config ',
    'option ',
    'list ',
    'a',
    'b ',
    "'",
    '"',
    '\\',
    '#',
    ';',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    '\ufeff',
    'ü',
  ],
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join('')),
);

test('any text gives a document, with faults inside the file', () => {
  fc.assert(
    fc.property(hostile, text => {
      const { faults } = parseDocument('kedge', text);
      const lines = text.split('\n').length;
      for (const fault of faults) expect(fault.line >= 1 && fault.line <= lines).toBe(true);
    }),
  );
});

test('every value survives being quoted as `uci export` quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), value => {
      fc.pre(!value.includes('\0'));
      const text = `config a 'b'\n\toption x '${value.replaceAll("'", "'\\''")}'\n`;
      const { sections, faults } = parseDocument('kedge', text);
      expect(faults).toEqual([]);
      expect(sections[0]!.options.get('x')!.values[0]!.text).toBe(value);
    }),
  );
});
