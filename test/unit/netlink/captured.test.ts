import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressFlag, emitLinkAddress, parseLinkAddress } from '../../../src/netlink/address.ts';
import { errorName, parseError } from '../../../src/netlink/error.ts';
import { emitLink, type Link, LinkFlag, LinkType, parseLink } from '../../../src/netlink/link.ts';
import { parseMessages } from '../../../src/netlink/message.ts';
import { emitRoute, parseRoute, RouteKind, RouteType } from '../../../src/netlink/route.ts';
import { emitRule, parseRule } from '../../../src/netlink/rule.ts';
import { hasCarrier } from '../../../src/netlink/uplink-status.ts';
import { formatAddress, formatPrefix } from '../../../src/wire/address.ts';
import { captured, capturedMessage } from './captured.ts';

function linkOf(name: string): Link {
  const news = parseLink(capturedMessage(name).body);
  if (news?.about !== 'link') throw new Error(`${name} is not about a link`);
  return news.link;
}
const routeOf = (name: string) => parseRoute(capturedMessage(name).body)!;
const ruleOf = (name: string) => parseRule(capturedMessage(name).body)!;
const addressOf = (name: string) => parseLinkAddress(capturedMessage(name).body)!;

describe('links', () => {
  it('reads a plain link', () => {
    const link = linkOf('link up');
    expect(link).toMatchObject({ index: 11, name: 'u0', mtu: 1500, kind: 'veth', group: 0, operstate: 6 });
    expect(link.tunnel).toBeUndefined();
    expect(hasCarrier(link)).toBe(true);
  });

  it('sees the loss of carrier in the first message', () => {
    const link = linkOf('carrier loss');
    expect(link.flags & LinkFlag.up).not.toBe(0);
    expect(hasCarrier(link)).toBe(false);
  });

  it('reads an ip6tnl and writes the same one', () => {
    const link = linkOf('tunnel');
    const { local, remote, ...rest } = link.tunnel!;
    expect([formatAddress(local), formatAddress(remote)]).toEqual(['2001:db8:1::2', '2001:db8:ff::1']);
    // The kernel adds flags of its own: able to send, able to receive.
    expect(rest).toEqual({ link: 11, hopLimit: 64, flags: 0x30001, protocol: 41, encapsulationLimit: 4 });
    expect(link).toMatchObject({ name: 'kdg-lte', mtu: 1460, group: 7038055, kind: 'ip6tnl' });
    const { index, name, mtu, group, tunnel } = link;
    expect(parseLink(emitLink({ index, name, mtu, group, tunnel: tunnel! }))).toMatchObject({
      link: { index, name, mtu, group, tunnel },
    });
  });

  it('tells a deleted link from one that left a bridge', () => {
    expect(capturedMessage('tunnel deleted').type).toBe(LinkType.delete);
    expect(linkOf('tunnel deleted').name).toBe('kdg-lte');
    expect(capturedMessage('bridge port').type).toBe(LinkType.delete);
    expect(parseLink(capturedMessage('bridge port').body)).toBeUndefined();
  });

  it('reads the IPv6 side of a link', () => {
    const news = parseLink(capturedMessage('ipv6 of a link').body);
    expect(news).toMatchObject({ about: 'ipv6', index: 11, ipv6Mtu: 1500 });
  });
});

describe('addresses', () => {
  it('reads flags and lifetimes', () => {
    const tentative = addressOf('tentative address');
    expect(formatAddress(tentative.address)).toBe('2001:db8:1::2');
    expect(tentative).toMatchObject({ link: 11, length: 64, scope: 0, preferred: 0xffffffff, created: 0xaf });
    expect(tentative.flags).toBe(AddressFlag.permanent | AddressFlag.tentative);
    expect(addressOf('address passed DAD').flags).toBe(AddressFlag.permanent);
    expect(addressOf('address with lifetime')).toMatchObject({ preferred: 300, valid: 600 });
  });

  it('writes one that reads the same', () => {
    const value = { link: 1, address: addressOf('tentative address').address, length: 128, protocol: 135 };
    expect(parseLinkAddress(emitLinkAddress(value))).toMatchObject(value);
  });
});

describe('routes', () => {
  it('reads the default route of a Router Advertisement', () => {
    const route = routeOf('default route');
    expect(formatPrefix(route.destination)).toBe('::/0');
    expect(route).toMatchObject({ table: 254, metric: 1024, kind: RouteKind.unicast, protocol: 9 });
    expect(route).toMatchObject({ preference: 1, expires: 1800 });
    expect(route.nextHops.map(hop => [hop.link, formatAddress(hop.gateway!)])).toEqual([[11, 'fe80::1']]);
  });

  it('reads a table above 255, and writes the same route', () => {
    const route = routeOf('tunnel route');
    expect(route).toMatchObject({ table: 7100, metric: 128, protocol: 135 });
    expect(parseRoute(emitRoute({ ...route, nextHop: route.nextHops[0]! }))).toMatchObject({
      table: 7100,
      metric: 128,
      nextHops: [{ link: 12, gateway: undefined }],
    });
    expect(routeOf('unreachable')).toMatchObject({ kind: RouteKind.unreachable, metric: 0xffffffff });
  });

  it('reads a source prefix and several next hops', () => {
    expect(formatPrefix(routeOf('source-restricted route').source)).toBe('2001:db8:1::/64');
    const hops = routeOf('multipath route').nextHops.map(hop => [hop.link, formatAddress(hop.gateway!)]);
    expect(hops).toEqual([
      [11, 'fe80::1'],
      [11, 'fe80::2'],
    ]);
  });
});

describe('rules', () => {
  it('reads selectors, table and protocol, and writes the same rule', () => {
    const rule = ruleOf('rule from');
    expect([formatPrefix(rule.from), formatPrefix(rule.to)]).toEqual(['2001:db8:1::2/128', '::/0']);
    expect(rule).toMatchObject({ priority: 910, table: 7101, protocol: 135, plain: true });
    expect(parseRule(emitRule(rule))).toEqual(rule);
    expect(formatPrefix(ruleOf('rule to').to)).toBe('2001:db8:100::/48');
    expect(ruleOf('rule to').table).toBe(254);
  });

  it('reads the mark of a rule', () => {
    const rule = ruleOf('rule with mark');
    expect(rule.mark).toEqual({ value: 1, mask: 0x3f00 });
    expect(parseRule(emitRule(rule))).toEqual(rule);
  });
});

describe('refusals', () => {
  it('reads error number and the words of the kernel', () => {
    expect(errorName(parseError(capturedMessage('refused route'))!)).toBe('EHOSTUNREACH');
    expect(errorName(parseError(capturedMessage('refused link'))!)).toBe('ENODEV');
    expect(errorName(parseError(capturedMessage('refused rule'))!)).toBe('ENOENT');
    const unknown = parseError(capturedMessage('unknown kind'))!;
    expect([errorName(unknown), unknown.text]).toEqual(['EOPNOTSUPP', 'Unknown device type']);
  });

  it('knows the numbers of MIPS', () => {
    expect(errorName({ errno: 122, text: undefined })).toBe('EOPNOTSUPP');
    expect(errorName({ errno: 148, text: undefined })).toBe('EHOSTUNREACH');
  });
});

describe('octets that the kernel would not send', () => {
  const readers = [parseLink, parseLinkAddress, parseRoute, parseRule];
  const anyMessage = fc.constantFrom(...captured.values());
  const touch = (bytes: Uint8Array): void => {
    for (const message of parseMessages(bytes)) {
      parseError(message);
      expect(parseRoute(message.body)?.nextHops.length).not.toBe(0);
      for (const read of readers) read(message.body);
    }
  };

  it('never make a reader throw: cut short', () => {
    for (const bytes of captured.values()) {
      for (let end = 0; end < Math.min(bytes.length, 400); end++) {
        touch(bytes.subarray(0, end));
        for (const read of readers) read(bytes.subarray(16, end));
      }
    }
  });

  it('never make a reader throw: changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(399), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(anyMessage, changes, (bytes, list) => {
        const changed = bytes.slice();
        for (const [at, value] of list) changed[at % changed.length] = value;
        touch(changed);
        for (const read of readers) read(changed.subarray(16));
      }),
      { numRuns: 2000 },
    );
  });

  it('give no route of another family and no cache entry', () => {
    const body = capturedMessage('default route').body.slice();
    body[0] = 2;
    expect(parseRoute(body)).toBeUndefined();
    expect(RouteType.new).toBe(24);
  });
});
