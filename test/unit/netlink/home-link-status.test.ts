import { describe, expect, it } from 'vitest';
import { AddressFlag, FOREVER, type LinkAddress } from '../../../src/netlink/address.ts';
import { equalHomeLinks, HomeLinkWatch } from '../../../src/netlink/home-link-status.ts';
import type { KernelView } from '../../../src/netlink/kernel-view.ts';
import { LinkFlag } from '../../../src/netlink/link.ts';
import { formatAddress, formatPrefix, parseAddress } from '../../../src/wire/address.ts';

const UP = LinkFlag.up | LinkFlag.running | LinkFlag.lowerUp;
const LINK_LAYER = Uint8Array.of(2, 0, 0, 0, 0, 1);

const onLink = (text: string, more: Partial<LinkAddress> = {}): LinkAddress => ({
  link: 5,
  address: parseAddress(text)!,
  length: 64,
  flags: 0,
  scope: text.startsWith('fe80') ? 253 : 0,
  protocol: 0,
  preferred: FOREVER,
  valid: FOREVER,
  created: 0,
  ...more,
});

/** What {@link HomeLinkWatch} asks of a view. */
function view(addresses: readonly LinkAddress[], flags = UP): KernelView {
  const link = { index: 5, name: 'br-lan', flags, linkLayerAddress: LINK_LAYER };
  return {
    addresses,
    linkNamed: (name: string) => (name === link.name ? link : undefined),
  } as unknown as KernelView;
}

const watch = new HomeLinkWatch();
const status = (addresses: readonly LinkAddress[], flags?: number) =>
  new HomeLinkWatch().status(view(addresses, flags), 'br-lan', 1000);

describe('the home link', () => {
  it('has the link-layer address of its device, a link-local address, and the prefixes of the others', () => {
    const found = status([
      onLink('2001:db8:7::1'),
      onLink('fe80::1'),
      onLink('2001:db8:8::1', { link: 6 }),
      onLink('fd00:7::1', { length: 48 }),
      onLink('2001:db8:9::1', { length: 128 }),
    ]);
    expect(found.linkLayerAddress).toEqual(LINK_LAYER);
    expect(formatAddress(found.linkLocalAddress!)).toBe('fe80::1');
    expect(found.prefixes.map(({ prefix }) => formatPrefix(prefix))).toEqual([
      '2001:db8:7::/64',
      'fd00:7::/48',
    ]);
    expect(found.prefixes[0]).toMatchObject({
      preferredUntil: Number.POSITIVE_INFINITY,
      validUntil: Number.POSITIVE_INFINITY,
    });
  });

  it.each([AddressFlag.tentative, AddressFlag.dadFailed])(
    'cannot be spoken on with a link-local address of flags %i',
    flags => {
      expect(status([onLink('fe80::1', { flags })]).linkLocalAddress).toBeUndefined();
    },
  );

  it('cannot be spoken on without carrier or device', () => {
    const down = status([onLink('fe80::1'), onLink('2001:db8:7::1')], LinkFlag.up);
    expect([down.linkLayerAddress, down.linkLocalAddress]).toEqual([undefined, undefined]);
    expect(down.prefixes).toHaveLength(1);
    expect(watch.status(view([]), 'br-other', 0).linkLayerAddress).toBeUndefined();
  });

  it('[RFC 6275 §10.3.1] has prefixes that end when the kernel said, not later each time one looks', () => {
    const found = onLink('2001:db8:7::1', { preferred: 100, valid: 200 });
    const of = (address: LinkAddress, now: number) => watch.status(view([address]), 'br-lan', now);
    const first = of(found, 1000);
    expect(first.prefixes[0]).toMatchObject({ preferredUntil: 101_000, validUntil: 201_000 });
    expect(equalHomeLinks(first, of(found, 50_000))).toBe(true);
    // The kernel repeats itself, in whole seconds.
    const again = { ...found, preferred: 50, valid: 149 };
    expect(equalHomeLinks(first, of(again, 51_400))).toBe(true);
    const renewed = { ...found, preferred: 500, valid: 600 };
    expect(of(renewed, 52_000).prefixes[0]).toMatchObject({ preferredUntil: 552_000, validUntil: 652_000 });
  });

  it('has each prefix once, for as long as any address of it lasts', () => {
    const found = status([
      onLink('2001:db8:7::1', { preferred: 0, valid: 300 }),
      onLink('2001:db8:7::2', { preferred: 100, valid: 200 }),
    ]);
    expect(found.prefixes).toMatchObject([{ preferredUntil: 101_000, validUntil: 301_000 }]);
  });

  it('differs when any of this does', () => {
    const base = status([onLink('2001:db8:7::1'), onLink('fe80::1')]);
    expect(equalHomeLinks(base, status([onLink('2001:db8:7::1'), onLink('fe80::1')]))).toBe(true);
    const others = [
      status([onLink('2001:db8:7::1'), onLink('fe80::2')]),
      status([onLink('fe80::1')]),
      status([onLink('2001:db8:8::1'), onLink('fe80::1')]),
      status([onLink('2001:db8:7::1', { valid: 100 }), onLink('fe80::1')]),
      status([onLink('2001:db8:7::1', { preferred: 100 }), onLink('fe80::1')]),
      status([onLink('2001:db8:7::1'), onLink('fe80::1')], LinkFlag.up),
    ];
    for (const other of others) expect(equalHomeLinks(base, other)).toBe(false);
  });
});
