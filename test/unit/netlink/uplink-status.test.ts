import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressFlag, emitLinkAddress, type LinkAddress } from '../../../src/netlink/address.ts';
import { KernelView } from '../../../src/netlink/kernel-view.ts';
import { emitLink } from '../../../src/netlink/link.ts';
import { emitRoute, RouteKind } from '../../../src/netlink/route.ts';
import { bestAddress, equalStatuses, uplinkStatuses } from '../../../src/netlink/uplink-status.ts';
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import { capturedMessage } from './captured.ts';

const OWN = 135;
const UPLINKS = [
  { name: 'lte', device: 'u0' },
  { name: 'wifi', device: 'u7' },
];
const HOME = [parsePrefix('2001:db8:100::1/128')!];
const text = (address: Uint8Array | undefined): string | undefined => address && formatAddress(address);

function viewOf(...names: string[]): KernelView {
  const view = new KernelView(OWN);
  for (const name of names) view.notice(capturedMessage(name));
  return view;
}

function candidate(address: string, rest: Partial<LinkAddress> = {}): LinkAddress {
  return {
    link: 11,
    address: parseAddress(address)!,
    length: 64,
    flags: 0,
    scope: 0,
    protocol: 0,
    preferred: 3600,
    valid: 7200,
    created: 100,
    ...rest,
  };
}
const best = (...candidates: LinkAddress[]): string | undefined => text(bestAddress(candidates));

describe('the status of uplinks', () => {
  it('is made of link, address and default route', () => {
    const [lte, wifi] = uplinkStatuses(
      viewOf('link up', 'address passed DAD', 'default route'),
      UPLINKS,
      OWN,
      HOME,
    );
    expect(lte).toMatchObject({ name: 'lte', ifindex: 11, carrier: true, mtu: 1500 });
    expect([text(lte!.careOfAddress), text(lte!.gateway)]).toEqual(['2001:db8:1::2', 'fe80::1']);
    expect(wifi).toMatchObject({ name: 'wifi', ifindex: 0, carrier: false, careOfAddress: undefined });
  });

  it('loses carrier with the first message that says so', () => {
    const [lte] = uplinkStatuses(viewOf('link up', 'address passed DAD', 'carrier loss'), UPLINKS, OWN, HOME);
    expect(lte).toMatchObject({ ifindex: 11, carrier: false });
    expect(text(lte!.careOfAddress)).toBe('2001:db8:1::2');
  });

  it('has a gateway that is known from elsewhere, without a default route of its own', () => {
    const places = [{ name: 'lte', device: 'u0', gateway: parseAddress('fe80::7')! }];
    const without = uplinkStatuses(viewOf('link up', 'address passed DAD'), places, OWN, HOME)[0]!;
    expect([text(without.gateway), without.candidates?.gateways.map(text)]).toEqual(['fe80::7', ['fe80::7']]);
    const view = viewOf('link up', 'address passed DAD', 'default route');
    expect(text(uplinkStatuses(view, places, OWN, HOME)[0]!.gateway)).toBe('fe80::1');
    const pointToPoint = [{ name: 'lte', device: 'u0', gateway: parseAddress('::')! }];
    const status = uplinkStatuses(viewOf('link up', 'address passed DAD'), pointToPoint, OWN, HOME)[0]!;
    expect(text(status.gateway)).toBe('::');
  });

  it('is nowhere while its device is not known, and another one on another device', () => {
    const view = viewOf('link up', 'address passed DAD');
    const before = uplinkStatuses(view, [{ name: 'lte', device: '' }], OWN, HOME);
    expect(before).toMatchObject([{ device: undefined, ifindex: 0, carrier: false }]);
    const after = uplinkStatuses(view, [{ name: 'lte', device: 'u0' }], OWN, HOME);
    expect(after).toMatchObject([{ device: 'u0', ifindex: 11 }]);
    expect(equalStatuses(after, [{ ...after[0]!, device: 'u1' }])).toBe(false);
  });

  it('never takes the home address for a care-of address', () => {
    const view = viewOf('link up', 'address passed DAD');
    const [lte] = uplinkStatuses(view, UPLINKS, OWN, [parsePrefix('2001:db8:1::2/128')!]);
    expect(lte!.careOfAddress).toBeUndefined();
  });

  it('[multiplecoa-00 §5.1] of one device with two prefixes have a care-of address of each', () => {
    const view = viewOf('link up', 'address passed DAD', 'default route');
    const second = parseAddress('2001:db8:7::2')!;
    const body = emitLinkAddress({ link: 11, address: second, length: 64, protocol: 0 });
    view.notice({ type: 20, flags: 0, sequence: 0, port: 0, body });
    const shared = [
      { name: 'lte', device: 'u0', careOf: parsePrefix('2001:db8:1::/64')! },
      { name: 'second', device: 'u0', careOf: parsePrefix('2001:db8:7::/64')! },
      { name: 'third', device: 'u0', careOf: parsePrefix('2001:db8:9::/64')! },
    ];
    const statuses = uplinkStatuses(view, shared, OWN, HOME);
    expect(statuses.map(({ careOfAddress }) => text(careOfAddress))).toEqual([
      '2001:db8:1::2',
      '2001:db8:7::2',
      undefined,
    ]);
    expect(statuses.map(({ ifindex, gateway }) => [ifindex, text(gateway)])).toEqual(
      [1, 2, 3].map(() => [11, 'fe80::1']),
    );
    expect(statuses[1]!.candidates!.careOfAddresses.map(text)).toEqual(['2001:db8:7::2']);
  });

  it('[RFC 6275 §11.7.1] say when care-of addresses end; that they are put off a little is no news', () => {
    const view = viewOf('link up', 'address passed DAD', 'default route');
    const ending = (validUntil: number) => uplinkStatuses(view, UPLINKS, OWN, HOME, () => validUntil);
    const at = (validUntil: number) =>
      ending(validUntil)[0]!.ends!.map(end => [text(end.address), end.validUntil]);
    expect(at(300_000)).toEqual([['2001:db8:1::2', 300_000]]);
    expect(at(Number.POSITIVE_INFINITY)).toEqual([]);
    expect(equalStatuses(ending(300_000), ending(310_000))).toBe(true);
    expect(equalStatuses(ending(300_000), ending(360_000))).toBe(false);
    expect(equalStatuses(ending(300_000), ending(298_000))).toBe(false);
  });

  it('lowers the MTU to what a Router Advertisement says', () => {
    const view = viewOf('link up');
    const body = capturedMessage('ipv6 of a link').body.slice();
    const fields = new Uint32Array(body.buffer);
    fields[fields.lastIndexOf(1500)] = 1430;
    view.notice({ ...capturedMessage('ipv6 of a link'), body });
    expect(uplinkStatuses(view, UPLINKS, OWN, HOME)[0]!.mtu).toBe(1430);
  });
});

describe('on-link prefixes', () => {
  const onLink = (
    destination: string,
    rest: { gateway?: string; protocol?: number; kind?: number } = {},
  ) => ({
    type: 24,
    flags: 0,
    sequence: 0,
    port: 0,
    body: emitRoute({
      table: 254,
      destination: parsePrefix(destination)!,
      metric: 256,
      kind: rest.kind ?? RouteKind.unicast,
      protocol: rest.protocol ?? 2,
      nextHop: { link: 11, gateway: rest.gateway === undefined ? undefined : parseAddress(rest.gateway)! },
    }),
  });
  const prefixes = (view: KernelView) =>
    uplinkStatuses(view, UPLINKS, OWN, HOME)[0]!.onLinkPrefixes!.map(formatPrefix);

  it('[RFC 6275 §11.5.2] are noted for each uplink, from prefix routes and from addresses', () => {
    expect(prefixes(viewOf('link up'))).toEqual([]);
    const view = viewOf('link up', 'address passed DAD');
    view.notice(onLink('2001:db8:7::/64'));
    view.notice(onLink('2001:db8:8::/64', { protocol: 9 }));
    expect(prefixes(view)).toEqual(['2001:db8:1::/64', '2001:db8:7::/64', '2001:db8:8::/64']);
    view.notice({ ...onLink('2001:db8:7::/64'), type: 25 });
    expect(prefixes(view)).toEqual(['2001:db8:1::/64', '2001:db8:8::/64']);
  });

  it('are none of link-local prefixes, of what is behind a gateway, and of what kedge or others route', () => {
    const view = viewOf('link up');
    view.notice(onLink('fe80::/64'));
    view.notice(onLink('2001:db8:7::/64', { gateway: 'fe80::1' }));
    view.notice(onLink('2001:db8:7::/64', { protocol: OWN }));
    view.notice(onLink('2001:db8:7::/64', { protocol: 12 }));
    view.notice(onLink('2001:db8:7::/64', { kind: RouteKind.unreachable }));
    view.notice(onLink('2001:db8:7::9/128'));
    expect(prefixes(view)).toEqual([]);
  });

  it('that change, and a device with another address, are news', () => {
    const before = uplinkStatuses(viewOf('link up'), UPLINKS, OWN, HOME);
    expect(before[0]!.linkLayerAddress).toHaveLength(6);
    const view = viewOf('link up');
    view.notice(onLink('2001:db8:7::/64'));
    expect(equalStatuses(before, uplinkStatuses(view, UPLINKS, OWN, HOME))).toBe(false);
    const other = before.map(status => ({ ...status, linkLayerAddress: new Uint8Array(6) }));
    expect(equalStatuses(before, other)).toBe(false);
    expect(equalStatuses(before, uplinkStatuses(viewOf('link up'), UPLINKS, OWN, HOME))).toBe(true);
  });
});

describe('the gateway', () => {
  const withRoutes = (...bodies: Uint8Array[]): string | undefined => {
    const view = viewOf('link up', 'address passed DAD');
    for (const body of bodies) view.notice({ type: 24, flags: 0, sequence: 0, port: 0, body });
    return text(uplinkStatuses(view, UPLINKS, OWN, HOME)[0]!.gateway);
  };
  const route = (
    gateway: string,
    rest: { table?: number; metric?: number; protocol?: number; link?: number },
  ) =>
    emitRoute({
      table: rest.table ?? 254,
      destination: parsePrefix('::/0')!,
      metric: rest.metric ?? 1024,
      kind: RouteKind.unicast,
      protocol: rest.protocol ?? 9,
      nextHop: { link: rest.link ?? 11, gateway: parseAddress(gateway)! },
    });

  it('is that of the lowest metric, of the device, in any table, and never of kedge itself', () => {
    expect(withRoutes()).toBeUndefined();
    expect(withRoutes(route('fe80::5', { link: 12 }))).toBeUndefined();
    expect(withRoutes(route('fe80::5', { protocol: OWN, table: 7101 }))).toBeUndefined();
    expect(withRoutes(route('fe80::5', { table: 9 }))).toBe('fe80::5');
    expect(withRoutes(route('fe80::5', { table: 9 }), route('fe80::6', {}))).toBe('fe80::6');
    expect(withRoutes(route('fe80::5', { metric: 5 }), route('fe80::4', { metric: 6 }))).toBe('fe80::5');
  });

  it('may stand in a route for the care-of address alone', () => {
    const fits = viewOf('link up', 'address passed DAD', 'source-restricted route');
    expect(text(uplinkStatuses(fits, UPLINKS, OWN, HOME)[0]!.gateway)).toBe('fe80::2');
    const other = viewOf('link up', 'source-restricted route');
    expect(uplinkStatuses(other, UPLINKS, OWN, HOME)[0]!.gateway).toBeUndefined();
  });

  it('is :: where the device needs none', () => {
    const body = emitRoute({
      table: 254,
      destination: parsePrefix('::/0')!,
      metric: 1024,
      kind: RouteKind.unicast,
      protocol: 3,
      nextHop: { link: 11, gateway: undefined },
    });
    expect(withRoutes(body)).toBe('::');
  });

  it('may be one of several next hops', () => {
    const view = viewOf('link up', 'address passed DAD', 'multipath route');
    expect(text(uplinkStatuses(view, UPLINKS, OWN, HOME)[0]!.gateway)).toBe('fe80::1');
  });
});

describe('[RFC 6275 §11.5.3] the care-of address', () => {
  it('is a unicast routable address that passed DAD, or is optimistic', () => {
    expect(best(candidate('fe80::1', { scope: 253 }))).toBeUndefined();
    expect(best(candidate('2001:db8::1', { flags: AddressFlag.tentative }))).toBeUndefined();
    expect(best(candidate('2001:db8::1', { flags: AddressFlag.dadFailed }))).toBeUndefined();
    const optimistic = AddressFlag.tentative | AddressFlag.optimistic;
    expect(best(candidate('2001:db8::1', { flags: optimistic }))).toBe('2001:db8::1');
  });

  it('is not deprecated, unique-local or temporary if there is a choice', () => {
    const old = candidate('2001:db8::1', { flags: AddressFlag.deprecated, created: 900 });
    const local = candidate('fd00::1', { created: 800 });
    const temporary = candidate('2001:db8::7', { flags: AddressFlag.temporary, created: 900 });
    expect(best(old)).toBe('2001:db8::1');
    expect(best(old, local)).toBe('fd00::1');
    expect(best(old, local, temporary)).toBe('2001:db8::7');
    expect(best(old, local, temporary, candidate('2001:db8::9'))).toBe('2001:db8::9');
  });

  it('is the one made last: after renumbering the older one is dead', () => {
    const last = candidate('2001:db8:2::1', { created: 200, preferred: 60 });
    expect(best(candidate('2001:db8:1::1'), last)).toBe('2001:db8:2::1');
  });

  it('does not depend on the order in which addresses came', () => {
    const anyCandidate = fc
      .record({
        last: fc.integer({ min: 1, max: 9 }),
        flags: fc.constantFrom(0, 1, 0x20),
        created: fc.nat(2),
      })
      .map(({ last, flags, created }) => candidate(`2001:db8::${last}`, { flags, created }));
    fc.assert(
      fc.property(fc.array(anyCandidate, { maxLength: 6 }), list => {
        expect(best(...list)).toBe(best(...[...list].reverse()));
      }),
    );
  });
});

it('a link without a link-layer name is no uplink', () => {
  const view = new KernelView(OWN);
  view.notice({ type: 16, flags: 0, sequence: 0, port: 0, body: emitLink({ index: 3 }) });
  expect([...view.links]).toEqual([]);
});
