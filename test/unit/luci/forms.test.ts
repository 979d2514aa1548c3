import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as rules from '../../../luci-app/luci-app-kedge/src/rules.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { SCHEMA, type SectionSpec } from '../../../src/uci/schema.ts';
import { Router } from '../../browser/router.ts';
import { AGENT, BASE, KEY, PEER } from '../uci/sample.ts';
import { anything, load } from './modules.ts';

interface Section {
  readonly '.index': number;
}
interface Forms {
  text(sections: readonly Section[]): string;
  faults(sections: readonly Section[]): Promise<string[]>;
}

const SECTIONS: Readonly<Record<string, SectionSpec>> = SCHEMA;
const VALUES = [
  '0',
  '1',
  '31',
  '70000',
  'lte',
  'van',
  'tcp',
  "x y'z",
  '2001:db8::7',
  '2001:db8::/48',
  'normal',
  'no',
];

/** In order, each alone; then with each option of each section at values of all kinds, as an option and as a list. */
function* corpus(): Generator<string> {
  const documents = ['README.md', 'docs/configuration.md', 'docs/operations.md'];
  for (const document of documents) {
    for (const [, block] of readFileSync(document, 'utf8').matchAll(/^```\w*\n(config [\s\S]*?)^```/gm))
      yield block!;
  }
  const flow = "config flow 'calls'\n\tlist proto 'udp'\n\tlist uplink 'lte'\n";
  const correspondent = "config correspondent 'here'\n";
  const dialect = "config dialect 'drafts'\n\toption muho '200'\n";
  const all = `config globals\n${correspondent}${dialect}${flow}`;
  for (const base of [`${all}${BASE}`, `${all}${AGENT}${PEER.replace("peer 'van'", "peer 'bus'")}`]) {
    yield base;
    for (const [type, { options }] of Object.entries(SECTIONS)) {
      const header = base.split('\n').find(line => line.startsWith(`config ${type}`));
      for (const option of header === undefined ? [] : Object.keys(options)) {
        for (const value of VALUES) {
          const word = options[option]!.form === 'list' ? 'list' : 'option';
          const line = `\t${word} ${option} '${value.replaceAll("'", "'\\''")}'`;
          yield base.replace(`${header}\n`, `${header}\n${line}\n`);
        }
      }
    }
  }
}

describe('what the forms make of a configuration', () => {
  const plain = (message: string) => message.replace(/line \d+/g, 'line');
  const sectionsOf = (text: string): Section[] => {
    const { values } = new Router(text, () => undefined).call('uci', 'get', { config: 'kedge' }) as {
      values: Record<string, Section>;
    };
    return Object.values(values).sort((a, b) => a['.index'] - b['.index']);
  };
  const withoutDaemon = { L: { resolveDefault: () => Promise.resolve(null) } };

  it('has the verdict of kedge check, with all sentences', async () => {
    const forms = load<Forms>('kedge.forms', { rules, ...withoutDaemon });
    let good = 0;
    let bad = 0;
    for (const text of corpus()) {
      const { faults } = loadConfig({ file: '/etc/config/kedge', text }, () => KEY);
      const found = await forms.faults(sectionsOf(text));
      expect(found.map(plain), text).toEqual(faults.map(({ message }) => plain(message)));
      if (faults.length > 0) bad++;
      else good++;
    }
    expect(good).toBeGreaterThan(100);
    expect(bad).toBeGreaterThan(500);
  });

  it('is what the daemon says where there is one', async () => {
    const verdict = { faults: [{ line: 4, message: 'cannot read the key' }], warnings: [] };
    const asked: string[] = [];
    const model = { check: (text: string) => Promise.resolve(asked.push(text) && verdict) };
    const L = { resolveDefault: (value: unknown) => value };
    const forms = load<Forms>('kedge.forms', { rules, model, L });
    expect(await forms.faults(sectionsOf(BASE))).toEqual(['cannot read the key']);
    expect(loadConfig({ file: '', text: asked[0]! }, () => KEY).faults).toEqual([]);
  });
});

describe('the pages', () => {
  it('have a field for every option of every type of section', async () => {
    const fields = new Set<string>();
    const option = (_section: unknown, _tab: unknown, _widget: unknown, type: string, name: string) => {
      fields.add(`${type}.${name}`);
      return anything;
    };
    const forms = { option, name() {}, single() {}, render() {} };
    const uci = { load: () => Promise.resolve(), sections: () => [], get: () => null };
    const views = readdirSync('luci-app/luci-app-kedge/htdocs/luci-static/resources/view/kedge');
    for (const file of views) {
      if (file === 'overview.js' || file === 'pairing.js') continue;
      load<{ render(): void }>(`view.kedge.${file.slice(0, -3)}`, { forms, uci, rules }).render();
    }
    const all = Object.entries(SECTIONS).flatMap(([type, { options }]) =>
      Object.keys(options).map(name => `${type}.${name}`),
    );
    expect(all.filter(name => !fields.has(name))).toEqual([]);
  });
});
