import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/uci/config.ts';
import { withSections } from '../../../src/uci/editing.ts';
import { decodePairing, encodePairing, type Pairing } from '../../../src/uci/pairing.ts';
import { keyText, pairingOf, routerSections } from '../../../src/uci/pairing-sections.ts';
import { parseAddress, parsePrefix, prefixAround } from '../../../src/wire/address.ts';
import { seed } from '../wire/seed.ts';

const address = (text: string) => parseAddress(text)!;
const PAIRING: Pairing = {
  name: 'van',
  homeAddress: address('2001:db8:f00::1'),
  homeAgents: [address('2001:db8:a::1')],
  prefixes: [parsePrefix('2001:db8:f00::/56')!],
  auth: {
    kind: 'rfc4285',
    spi: 4711,
    key: Uint8Array.from({ length: 32 }, (_, index) => index),
    replay: 'timestamp',
  },
  identifier: undefined,
  dialect: {},
};
const LINE = encodePairing(PAIRING);

const anyAddress = fc
  .uint8Array({ minLength: 15, maxLength: 15 })
  .map(tail => Uint8Array.from([0x20, ...tail]));
const anyPrefix = fc.tuple(anyAddress, fc.integer({ min: 16, max: 128 })).map(args => prefixAround(...args));
const anyAuth = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.record({
    kind: fc.constant('rfc4285' as const),
    spi: fc.integer({ min: 256, max: 2 ** 32 - 1 }),
    key: fc.uint8Array({ minLength: 16, maxLength: 256 }),
    replay: fc.constantFrom('timestamp' as const, 'sequence' as const),
  }),
);
const anyPairing: fc.Arbitrary<Pairing> = fc.record({
  name: fc.stringMatching(/^\w{1,32}$/),
  homeAddress: anyAddress,
  homeAgents: fc.array(anyAddress, { minLength: 1, maxLength: 16 }),
  prefixes: fc.array(anyPrefix, { maxLength: 16 }),
  auth: anyAuth,
  identifier: fc.option(fc.stringMatching(/^[a-zé']{1,100}@[a-z.]{1,20}$/), { nil: undefined }),
  dialect: fc.constantFrom({}, { monami6_binding_identifier: 200 }, { muho: 201, load_balancing: 71 }),
});

describe('a pairing line', () => {
  it('is one short line of URL characters', () => {
    expect(LINE).toMatch(/^kedge:[A-Za-z0-9_-]+$/);
    expect(LINE.length).toBeLessThan(150);
  });

  it('says everything that was put into it, also with line ends that a terminal has put into it', () => {
    fc.assert(
      fc.property(anyPairing, pairing => {
        const line = encodePairing(pairing);
        expect(decodePairing(line)).toEqual({ ok: true, pairing });
        expect(decodePairing(`  ${line.replace(/(.{60})/g, '$1\r\n  ')}\n`)).toEqual({ ok: true, pairing });
      }),
      { seed },
    );
  });

  it('with any character changed, missing or too many is refused', () => {
    const place = fc.integer({ min: 'kedge:'.length, max: LINE.length - 1 });
    const digit = fc.constantFrom(...'ABCabc019-_');
    fc.assert(
      fc.property(place, digit, fc.constantFrom(0, 1), (at, other, count) => {
        const changed = LINE.slice(0, at) + other + LINE.slice(at + count);
        fc.pre(changed !== LINE);
        expect(decodePairing(changed).ok).toBe(false);
      }),
      { seed },
    );
  });

  it('never throws, whatever it is given, and never repeats it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map(text => `kedge:${text}`),
        ),
        text => {
          const decoded = decodePairing(text);
          expect(decoded.ok).toBe(false);
        },
      ),
      { seed },
    );
  });

  it.each([
    ['', "this is no pairing line: it begins with 'kedge:'"],
    ['http://example.net', 'this is no pairing line'],
    ['kedge:', 'the line is cut off'],
    [LINE.slice(0, -7), 'a part of the line is missing or was changed'],
    [LINE.replace('kedge:AQ', 'kedge:Ag'), 'the line is of version 2, and this kedge knows version 1'],
    [`${LINE.slice(0, 20)}!${LINE.slice(20)}`, 'character 21 does not belong into a pairing line'],
    [encodePairing({ ...PAIRING, homeAgents: [] }), 'the line does not say all'],
  ])('%j: %s', (line, problem) => {
    const decoded = decodePairing(line);
    expect(decoded.ok ? '' : decoded.problem).toContain(problem);
  });
});

describe('pairing', () => {
  const anchor = (peer: string) => `config home_agent 'anchor'
	option address '2001:db8:a::1'
	list peer_home_agent '2001:db8:b::1 5'
	list peer_home_agent '2001:db8:c::1 9'

config peer 'van'
	option home_address '2001:db8:f00::1'
	list prefix '2001:db8:f00::/56'
${peer}
config dialect 'theirs'
	option monami6_binding_identifier '200'
`;
  const load = (text: string, key = '') => loadConfig({ file: 'kedge', text }, () => key);
  const UPLINK = "config uplink 'lte'\n\toption device 'wwan0'\n";

  it.each([
    ["\toption spi '4711'\n\toption key 'a secret of sixteen'\n", 'rfc4285'],
    [
      "\toption spi '4711'\n\toption key '0x000102030405060708090a0b0c0d0e0f'\n\toption replay 'sequence'\n\toption identifier 'o'\\''hara@x'\n",
      'rfc4285',
    ],
    ["\toption auth 'none'\n\toption dialect 'theirs'\n", 'none'],
  ])('gives the router exactly what the anchor expects of it: %s', (association, kind) => {
    const { config: ours } = load(anchor(association));
    const pairing = pairingOf(ours!, 'van')!;
    const decoded = decodePairing(encodePairing(pairing));
    if (!decoded.ok) throw new Error(decoded.problem);
    const text = withSections(UPLINK, routerSections(decoded.pairing, '/etc/kedge/van.key'));
    const { config, faults } = load(text, keyText(decoded.pairing));
    expect(faults).toEqual([]);
    const [peer] = ours!.homeAgent!.peers;
    const router = config!.mobileRouters[0]!;
    expect(router.auth.kind).toBe(kind);
    for (const what of ['name', 'homeAddress', 'prefixes', 'auth', 'identifier', 'dialect'] as const) {
      expect(router[what]).toEqual(peer![what]);
    }
    expect(router.homeAgents).toEqual(['2001:db8:a::1', '2001:db8:c::1', '2001:db8:b::1'].map(address));
    expect(text).not.toMatch(/secret|0x/);
  });

  it('of any line makes a configuration that says the same', () => {
    fc.assert(
      fc.property(anyPairing, pairing => {
        const text = withSections(UPLINK, routerSections(pairing, '/etc/kedge/a.key'));
        const { config, faults } = load(text, keyText(pairing));
        // What claims the same address space twice is a fault of whoever made the line.
        fc.pre(!faults.some(({ message }) => /overlap|is also|lies in|contains/.test(message)));
        expect(faults).toEqual([]);
        expect(config!.mobileRouters[0]).toMatchObject({
          name: pairing.name,
          homeAddress: pairing.homeAddress,
          homeAgents: pairing.homeAgents,
          prefixes: pairing.prefixes,
          auth: pairing.auth,
          identifier: pairing.identifier,
        });
      }),
      { seed },
    );
  });
});
