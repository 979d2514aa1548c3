import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../conformance/ledger/documents.ts';
import type { Statement } from '../../conformance/ledger/types.ts';
import { parseReference, referenceFault, referencesOf, SEPARATOR } from '../../conformance/references.ts';
import { count, openList, table } from '../../conformance/report.ts';

const MAX_PARAPHRASE = 160;

/**
 * Whether a title can come from the source: it is cut into the longest pieces that stand there, three at most, as in
 * template, value, template. `make conformance` knows the titles themselves.
 */
function standsIn(source: string, title: string): boolean {
  let rest = title;
  for (let pieces = 0; pieces < 3 && rest !== ''; pieces++) {
    let length = rest.length;
    while (length > 0 && !source.includes(rest.slice(0, length))) length -= 1;
    rest = rest.slice(length);
  }
  return rest === '';
}

describe.each(DOCUMENTS)('the ledger of $name', ({ statements }) => {
  it('has an id of its own for every statement', () => {
    const ids = statements.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter(id => !/^\S+[-_]\w+$/.test(id))).toEqual([]);
  });

  it('says briefly what each demands, and one thing about what became of it', () => {
    for (const { id, says, shown, na, open } of statements) {
      expect(says.length, id).toBeLessThanOrEqual(MAX_PARAPHRASE);
      expect(says, id).not.toBe('');
      expect([shown, na, open].filter(part => part !== undefined && part.length > 0).length, id).toBe(1);
    }
  });

  it('refers to tests that exist', () => {
    const sources = new Map<string, string>();
    for (const { file, title } of referencesOf(statements)) {
      if (!sources.has(file)) sources.set(file, readFileSync(file, 'utf8'));
      for (const part of title.split(SEPARATOR)) {
        expect(standsIn(sources.get(file)!, part), `${file}: ${part}`).toBe(true);
      }
    }
  });
});

describe('references', () => {
  const results = [
    { file: 'a.test.ts', title: 'outer > [RFC 1 §2] does this', passed: true },
    { file: 'a.test.ts', title: 'outer > [RFC 1 §2] does that', passed: false },
  ];
  const fault = (text: string) => referenceFault(parseReference(text), results);

  it('hold when every test that they match has passed', () => {
    expect(fault('a.test.ts > does this')).toBeUndefined();
    expect(fault('a.test.ts > outer > [RFC 1 §2] does this')).toBeUndefined();
    expect(fault('a.test.ts > [RFC 1 §2]')).toBe("a.test.ts: 'outer > [RFC 1 §2] does that' has not passed");
    expect(fault('a.test.ts > something else')).toBe("a.test.ts: no test 'something else'");
    expect(fault('b.test.ts > does this')).toBe('b.test.ts: no test of it has run');
  });

  it('without file or title are refused', () => {
    for (const text of ['a.test.ts', 'a.test.ts > ', ' > does this']) {
      expect(() => parseReference(text)).toThrow('no reference');
    }
  });
});

describe('the report', () => {
  const base = { level: 'MUST', role: 'ha' } as const;
  const statements: Statement[] = [
    { ...base, id: '5.2-1', says: 'do this', shown: ['a.test.ts > does this'] },
    { ...base, id: '5.2-2', says: 'do that', shown: ['a.test.ts > does that'] },
    { ...base, id: '5.2-3', says: 'be IANA', na: 'for IANA' },
    { ...base, id: '6-1', says: 'do more', open: 'nothing does more' },
  ];
  const document = { name: 'x', title: 'An Example', statements };
  const judge = ({ title }: { title: string }) => (title === 'does this' ? undefined : 'it fails');

  it('counts as shown only what the tests show', () => {
    expect(count(statements, judge)).toEqual({ statements: 4, shown: 1, na: 1 });
  });

  it('has a line for each section, and names what is not shown', () => {
    const lines = table(document, judge).split('\n');
    expect(lines.slice(2).map(line => line.split(/\s+/))).toEqual([
      ['§5.2', '3', '1', '1', '1'],
      ['§6', '1', '0', '1', '0'],
      ['all', '4', '1', '2', '1'],
    ]);
    expect(openList(document, judge)).toBe(
      [
        'x: 2 not shown',
        '  §5.2-2 MUST (ha) do that\n      -> it fails',
        '  §6-1 MUST (ha) do more\n      -> nothing does more',
      ].join('\n'),
    );
  });
});
