/**
 * The tables of docs/configuration.md are the schema's. After a change of the schema write them anew with
 * `UPDATE_DOCS=1 npx vitest run test/unit/uci/documentation.test.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROBE_PROFILES } from '../../../src/engine/probe-profile.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { type OptionSpec, SCHEMA, type SectionSpec } from '../../../src/uci/schema.ts';

const PATH = new URL('../../../docs/configuration.md', import.meta.url);

function section(type: string, spec: SectionSpec): string {
  const name = spec.name === undefined ? '' : ` Its name: ${spec.name.accepts}.`;
  const rows = Object.entries(spec.options).map(
    ([option, { form, type, doc, ...rest }]) =>
      `| \`${option}\` | ${form === 'list' ? 'list; each ' : ''}${type.accepts} | ${fallback({ form, type, doc, ...rest })} | ${doc} |`,
  );
  return [
    `<!-- options: ${type} (written by test/unit/uci/documentation.test.ts) -->`,
    '',
    `${spec.doc}${name}`,
    '',
    '| option | value | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '<!-- end -->',
  ].join('\n');
}

function fallback(option: OptionSpec): string {
  if (option.form === 'required') return '**required**';
  if (option.form === 'list') return 'empty';
  return option.fallback === undefined ? (option.fallbackText ?? '') : `\`${option.fallback}\``;
}

const PROBE_OCTETS = 240;
const MONTH = 30 * 86_400;

function probes(): string {
  const rows = Object.entries(PROBE_PROFILES).map(([name, { interval, confirmInterval, misses }]) => {
    const silence = (interval + misses * confirmInterval) / 1000;
    const megabytes = Math.round((PROBE_OCTETS * MONTH * 1000) / interval / 1e6);
    return `| \`${name}\` | ${interval / 1000} s | ${silence} s | ${megabytes} MB |`;
  });
  return [
    '<!-- probes (written by test/unit/uci/documentation.test.ts) -->',
    '',
    '| profile | a probe every | a silent path is noticed after | traffic an uplink and month |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '<!-- end -->',
  ].join('\n');
}

/** The document with every table replaced by the one that follows from the schema. */
function regenerated(text: string): string {
  const withProbes = text.replace(/<!-- probes[\s\S]*?<!-- end -->/, probes);
  return withProbes.replace(/<!-- options: (\w+)[\s\S]*?<!-- end -->/g, (old, type: string) =>
    Object.hasOwn(SCHEMA, type) ? section(type, SCHEMA[type as keyof typeof SCHEMA]) : old,
  );
}

test('docs/configuration.md has the table of every section, as the schema has it', () => {
  const text = readFileSync(PATH, 'utf8');
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(PATH, regenerated(text));
  else expect(text).toBe(regenerated(text));
  for (const type of Object.keys(SCHEMA)) expect(text).toContain(`<!-- options: ${type} (`);
});

test('every complete example of docs/configuration.md is in order', () => {
  const examples = [...readFileSync(PATH, 'utf8').matchAll(/```uci\n([\s\S]*?)```/g)].map(match => match[1]!);
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const text of examples) {
    const { faults, warnings } = loadConfig({ file: 'example', text }, () => `0x${'5a'.repeat(32)}\n`);
    expect([...faults, ...warnings], text).toEqual([]);
  }
});

test('every default is a value that its option accepts', () => {
  for (const spec of Object.values<SectionSpec>(SCHEMA)) {
    for (const [name, option] of Object.entries(spec.options)) {
      if (option.fallback !== undefined) expect(option.type.parse(option.fallback), name).toBeDefined();
    }
  }
});
