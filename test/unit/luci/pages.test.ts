import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as rules from '../../../luci-app/luci-app-kedge/src/rules.ts';
import { METHODS } from '../../../src/daemon/methods.ts';
import { loadConfig } from '../../../src/uci/config.ts';
import { encodePairing } from '../../../src/uci/pairing.ts';
import { SCHEMA } from '../../../src/uci/schema.ts';
import { parseAddress } from '../../../src/wire/address.ts';

const APP = 'luci-app/luci-app-kedge';
const RESOURCES = `${APP}/htdocs/luci-static/resources`;
const sources = new Map(
  readdirSync(RESOURCES, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.js') && !name.endsWith('rules.js'))
    .map(name => [name, readFileSync(join(RESOURCES, name), 'utf8')]),
);
const json = (path: string) => JSON.parse(readFileSync(`${APP}/root/usr/share/${path}`, 'utf8'));
const ACL = json('rpcd/acl.d/luci-app-kedge.json');
const MENU: Record<string, { action: { path?: string }; depends?: { acl: string[] } }> = json(
  'luci/menu.d/luci-app-kedge.json',
);

/** Every text that is translated, once, in the order of the files. */
function texts(): string[] {
  const found = [...sources]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, source]) =>
      [...source.matchAll(/\b_\('((?:[^'\\]|\\.)*)'/g)].map(match => match[1]!.replaceAll("\\'", "'")),
    );
  return [...new Set(found)];
}

describe('the LuCI pages', () => {
  it('are scripts that LuCI can load', () => {
    for (const source of sources.values()) expect(() => new Function(source)).not.toThrow();
  });

  it('have words for everything that an uplink can be, and for why it is chosen', () => {
    const status = readFileSync('src/engine/status.ts', 'utf8');
    const model = sources.get('kedge/model.js')!;
    for (const type of ['UplinkState', 'ChoiceReason']) {
      const declaration = new RegExp(`export type ${type} =([^;]*);`).exec(status)![1]!;
      const words = [...declaration.matchAll(/^ *\| '([a-z-]+)'/gm)].map(match => match[1]!);
      expect(words.length).toBeGreaterThan(5);
      expect(words.filter(word => !model.includes(`'${word}':`))).toEqual([]);
    }
  });

  it('have a small picture in the readme', () => {
    expect(readFileSync('README.md', 'utf8')).toContain('docs/overview.png');
    expect(readFileSync('docs/overview.png').length).toBeLessThan(80 * 1024);
  });

  it('are in the menu, with access rights that exist', () => {
    for (const { action, depends } of Object.values(MENU)) {
      if (action.path !== undefined) expect([...sources.keys()]).toContain(`view/${action.path}.js`);
      for (const group of depends?.acl ?? []) expect(Object.keys(ACL)).toContain(group);
    }
  });

  it('may ask what they ask, and only for what the daemon answers', () => {
    type Rights = { ubus: { kedge: string[] } };
    const groups = Object.values(ACL) as { read: Rights; write: Rights }[];
    const granted = groups.flatMap(({ read, write }) => [...read.ubus.kedge, ...write.ubus.kedge]);
    const asked = [
      ...sources.get('kedge/model.js')!.matchAll(/object: 'kedge', method: '(\w+)'(?:, params: \[(.*?)\])?/g),
    ];
    expect(asked).not.toHaveLength(0);
    for (const [, method = '', params = ''] of asked) {
      expect(granted).toContain(method);
      for (const [, name] of params.matchAll(/'(\w+)'/g))
        expect(METHODS[method]!.takes).toHaveProperty(name!);
    }
    for (const method of granted) expect(Object.keys(METHODS)).toContain(method);
  });

  it('have all their texts in the translation template', () => {
    const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
    const template = `msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n${texts()
      .map(text => `\nmsgid ${quote(text)}\nmsgstr ""\n`)
      .join('')}`;
    // `vitest -u` writes it.
    return expect(template).toMatchFileSnapshot(join(process.cwd(), APP, 'po/templates/kedge.pot'));
  });
});

describe('the rules of the pages', () => {
  it('are those of kedge check', () => {
    const text = "config uplink 'LTE'\n\toption device 'kdg-x'\n\toption bid '0'\n\toption priorty '1'\n";
    const { faults, warnings } = loadConfig({ file: '/etc/config/kedge', text }, () => undefined);
    expect(faults.length).toBeGreaterThan(3);
    const plain = faults.map(({ line, message }) => ({ line, message }));
    expect(rules.check(text)).toEqual({ faults: plain, warnings });
    for (const [type, { options }] of Object.entries(SCHEMA)) {
      for (const [name, { type: option, fallback }] of Object.entries<{
        type: { accepts: string; parse(text: string): unknown };
        fallback?: string;
      }>(options)) {
        for (const value of ['', '0', '1', 'x y', '2001:db8::1', '2001:db8::/48', fallback ?? 'fast']) {
          expect(rules.verdict(type, name, value)).toBe(
            option.parse(value) === undefined ? option.accepts : undefined,
          );
        }
        expect(rules.option(type, name)).toEqual({ fallback });
        for (const word of rules.words(type, name)) expect(rules.verdict(type, name, word)).toBeUndefined();
      }
    }
  });

  it('make of a pairing line what kedge pair makes of it', () => {
    const line = encodePairing({
      name: 'van',
      homeAddress: parseAddress('2001:db8:f00::1')!,
      homeAgents: [parseAddress('2001:db8:a::1')!],
      prefixes: [],
      auth: { kind: 'rfc4285', spi: 300, key: new Uint8Array(16).fill(0x5a), replay: 'timestamp' },
      identifier: undefined,
      dialect: {},
    });
    const plan = rules.decodePairing(line);
    expect(plan).toMatchObject({
      ok: true,
      name: 'van',
      key: `0x${'5a'.repeat(16)}\n`,
      keyFile: '/etc/kedge/van.key',
    });
    expect(rules.decodePairing(`${line}x`)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('check value'),
    });
  });
});
