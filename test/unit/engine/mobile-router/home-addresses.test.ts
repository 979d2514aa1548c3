/** Home addresses that come of advertised prefixes, by the rules of RFC 4862 §5.5.3. */
import { describe, expect, it } from 'vitest';
import { HomeAddresses } from '../../../../src/engine/mobile-router/renumbering/home-addresses.ts';
import type { AdvertisedPrefix } from '../../../../src/engine/mobile-router/renumbering/prefix-discovery.ts';
import type { Address } from '../../../../src/wire/address.ts';
import { equalAddress, formatAddress } from '../../../../src/wire/address.ts';
import { address, prefix } from '../anchor.ts';

const CONFIGURED = address('2001:db8:100::10');
const OLD = '2001:db8:100::/64';
const NEW = '2001:db8:300::/64';
const AFTER = '2001:db8:300::10';
const HOUR = 3_600_000;
const NOW = 1_000_000;
const FOREVER = Number.POSITIVE_INFINITY;

/** Lifetimes in milliseconds. */
const advertised = (
  text: string,
  valid = FOREVER,
  preferred = valid,
  now = NOW,
  more: Partial<AdvertisedPrefix> = {},
): AdvertisedPrefix => ({
  prefix: prefix(text),
  autonomous: true,
  preferredUntil: now + preferred,
  validUntil: now + valid,
  ...more,
});
const texts = ({ list }: HomeAddresses) =>
  list.map(({ address, state }) => `${formatAddress(address)} ${state}`);
/** Bound for longer than any prefix is said to be valid. */
const all = () => FOREVER;
const only = (text: string) => (one: Address) => (equalAddress(one, address(text)) ? FOREVER : 0);

describe('an advertised prefix', () => {
  it.each<[string, AdvertisedPrefix]>([
    ['that nodes do not make addresses of', advertised(NEW, FOREVER, FOREVER, NOW, { autonomous: false })],
    ['that leaves no room for the interface identifier', advertised('2001:db8:300::/72')],
    ['that is longer than what the address needs', advertised('2001:db8:300::/56')],
    ['of links', advertised('fe80::/64')],
    ['that is deprecated', advertised(NEW, HOUR, 0)],
    ['that is valid no longer', advertised(NEW, 0, 0)],
  ])('[RFC 4862 §5.5.3] %s gives no home address', (_, one) => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    expect(addresses.process([one], all, NOW)).toEqual([]);
    expect(texts(addresses)).toEqual(['2001:db8:100::10 preferred']);
  });

  it('[RFC 6275 §11.4.3] that is new gives one with the interface identifier of the configured one, once', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    expect(addresses.process([advertised(OLD), advertised(NEW)], all, NOW)).toEqual([
      { address: address(AFTER), state: 'preferred' },
    ]);
    expect(addresses.process([advertised(NEW)], all, NOW)).toEqual([]);
    expect(texts(addresses)).toEqual(['2001:db8:100::10 preferred', `${AFTER} preferred`]);
  });

  it('gives no more than four, whatever is said', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    const many = Array.from({ length: 16 }, (_, at) => advertised(`2001:db8:${at + 300}::/64`));
    expect(addresses.process(many, all, NOW)).toHaveLength(3);
  });
});

describe('a home address that the home agent has not accepted', () => {
  it('is none any more when the next advertisement does not name its prefix', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(NEW)], all, NOW);
    expect(addresses.process([advertised(OLD)], only(AFTER), NOW)).toEqual([]);
    expect(addresses.process([advertised(NEW)], only('2001:db8:100::10'), NOW)).toEqual([]);
    expect(addresses.process([advertised(OLD)], only('2001:db8:100::10'), NOW)).toEqual([
      { address: address(AFTER), state: 'ended' },
    ]);
    expect(texts(addresses)).toEqual(['2001:db8:100::10 preferred']);
  });
});

describe('the end of a prefix', () => {
  /** Milliseconds until the configured address is valid no longer, after one advertisement after the other. */
  const validFor = (...valid: number[]) => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    for (const one of valid) addresses.process([advertised(OLD, one)], all, NOW);
    return addresses.list[0]!.validUntil - NOW;
  };

  it.each([
    ['longer than two hours: as advertised', [3 * HOUR], 3 * HOUR],
    ['shorter: two hours', [HOUR], 2 * HOUR],
    ['none: two hours', [0], 2 * HOUR],
    ['shorter than what remains, which is less than two hours: that remains', [3 * HOUR, HOUR, 0], 2 * HOUR],
    ['longer than what remains: as advertised', [0, 5 * HOUR], 5 * HOUR],
    ['for ever again', [HOUR, FOREVER], FOREVER],
  ])('[RFC 4862 §5.5.3] %s', (_, valid, left) => {
    expect(validFor(...valid)).toBe(left);
  });

  it('[RFC 4862 §5.5.3] does not come later because it is said again', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(OLD, 0)], all, NOW);
    addresses.process([advertised(OLD, 0, 0, NOW + HOUR)], all, NOW + HOUR);
    expect(addresses.list[0]!.validUntil).toBe(NOW + 2 * HOUR);
  });

  it('[RFC 4862 §5.5.4] deprecates the address, then ends it, when the home agent has accepted another one', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(OLD, 3 * HOUR, HOUR), advertised(NEW)], all, NOW);
    expect(addresses.nextWake(NOW)).toBe(NOW + HOUR);
    expect(addresses.step(only('2001:db8:100::10'), NOW + 4 * HOUR)).toEqual([]);
    expect(addresses.step(all, NOW + HOUR)).toEqual([{ address: CONFIGURED, state: 'deprecated' }]);
    expect(addresses.step(all, NOW + 2 * HOUR)).toEqual([]);
    expect(addresses.nextWake(NOW + 2 * HOUR)).toBe(NOW + 3 * HOUR - 30_000);
    expect(addresses.step(all, NOW + 3 * HOUR - 30_000)).toEqual([{ address: CONFIGURED, state: 'ended' }]);
    expect(texts(addresses)).toEqual([`${AFTER} preferred`]);
  });

  it('[RFC 6275 §10.6.4] is what the home agent says by the lifetimes that it grants', () => {
    const end = NOW + HOUR;
    const at = (boundUntil: number, now: number) => {
      const addresses = new HomeAddresses(CONFIGURED, undefined);
      addresses.process([advertised(OLD, HOUR), advertised(NEW)], all, NOW);
      const until = (one: Address) => (equalAddress(one, CONFIGURED) ? boundUntil : FOREVER);
      return addresses.step(until, now).map(({ state }) => state);
    };
    expect(at(end, end - 30_000)).toEqual(['ended']);
    expect(at(end + 60_000, end - 30_000)).toEqual([]);
    expect(at(end + 60_000, end)).toEqual(['deprecated']);
    expect(at(NOW + 9 * HOUR, NOW + 2 * HOUR)).toEqual(['ended']);
  });

  it('is none when the prefix comes back', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(OLD, 3 * HOUR, 0), advertised(NEW)], all, NOW);
    addresses.step(all, NOW);
    addresses.process([advertised(OLD)], all, NOW);
    expect(addresses.step(all, NOW)).toEqual([{ address: CONFIGURED, state: 'preferred' }]);
    addresses.process([advertised(OLD, 3 * HOUR, 0)], all, NOW);
    addresses.step(all, NOW + 4 * HOUR);
    expect(texts(addresses)).toEqual([`${AFTER} preferred`]);
    const again = addresses.process([advertised(OLD, FOREVER, FOREVER, NOW + 5 * HOUR)], all, NOW + 5 * HOUR);
    expect(again).toEqual([{ address: CONFIGURED, state: 'preferred' }]);
  });

  it('leaves the last one, even if nothing is bound and it is not named any more', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(OLD, 3 * HOUR), advertised(NEW)], all, NOW);
    addresses.step(all, NOW + 3 * HOUR);
    expect(addresses.process([], () => 0, NOW + 4 * HOUR)).toEqual([]);
    expect(texts(addresses)).toEqual([`${AFTER} preferred`]);
  });

  it('of all of them leaves those that there are: who has nothing else keeps what it has', () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    addresses.process([advertised(OLD, 3 * HOUR), advertised(NEW, 3 * HOUR)], all, NOW);
    expect(addresses.step(all, NOW + 9 * HOUR)).toEqual([]);
  });
});

describe('a record', () => {
  const saved = () => {
    const addresses = new HomeAddresses(CONFIGURED, undefined);
    expect(addresses.save()).toBeUndefined();
    addresses.process([advertised(OLD, 3 * HOUR, 0), advertised(NEW)], all, NOW);
    addresses.step(all, NOW + 4 * HOUR);
    return addresses.save()!;
  };

  it('has all, and the configured address stays at its end', () => {
    const record = JSON.parse(JSON.stringify(saved()));
    const addresses = new HomeAddresses(CONFIGURED, record);
    expect(texts(addresses)).toEqual([`${AFTER} preferred`]);
    expect(addresses.save()).toEqual(record);
  });

  it('of another configured address counts no more, nor does what is none', () => {
    const other = address(AFTER);
    expect(texts(new HomeAddresses(other, saved()))).toEqual([`${AFTER} preferred`]);
    for (const record of [{}, { addresses: 7 }, { addresses: [null, 1, { address: 'x' }, { number: 2 }] }])
      expect(texts(new HomeAddresses(CONFIGURED, record as never))).toEqual(['2001:db8:100::10 preferred']);
  });
});
