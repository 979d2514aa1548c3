import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  selectorOfText,
  selectorText,
  toFlowSelector,
  toTrafficSelector,
} from '../../../../src/engine/flow-bindings/selector.ts';
import { selectorWords } from '../../../../src/engine/flow-bindings/selector-words.ts';
import type { FlowSelector } from '../../../../src/engine/steering.ts';
import { seed } from '../../wire/seed.ts';
import { address } from '../anchor.ts';

const range = (most: number) =>
  fc
    .tuple(fc.nat(most), fc.option(fc.nat(most)))
    .map(([a, b]) => (b === null ? { start: a } : { start: Math.min(a, b), end: Math.max(a, b) }));
const octets = fc.uint8Array({ minLength: 16, maxLength: 16 });
const addresses = fc.tuple(octets, fc.boolean()).map(([start, several]) => {
  if (!several) return { start };
  return { start, end: start.map((octet, index) => (index < 8 ? octet : 255)) };
});
const selectors: fc.Arbitrary<FlowSelector> = fc.record(
  {
    inside: addresses,
    outside: addresses,
    protocol: range(255),
    insidePort: range(65_535),
    outsidePort: range(65_535),
    dscp: range(63),
    flowLabel: range(0xfffff),
    spi: range(0xffffffff),
  },
  { requiredKeys: [] },
);

describe('[RFC 6088 §3] flow selectors', () => {
  it('are those of packets to the mobile node: the source is the correspondent', () => {
    const outside = { start: address('2001:db8:77::'), end: address('2001:db8:77::ffff') };
    const inside = { start: address('2001:db8:100:1::5') };
    expect(
      toTrafficSelector({
        outside,
        inside,
        protocol: { start: 6 },
        outsidePort: { start: 443 },
        insidePort: { start: 1024, end: 65_535 },
        dscp: { start: 10, end: 46 },
        flowLabel: { start: 0xabcde },
        spi: { start: 256 },
      }),
    ).toEqual({
      format: 'ipv6',
      source: outside,
      destination: inside,
      nextHeader: { start: 6 },
      sourcePort: { start: 443 },
      destinationPort: { start: 1024, end: 65_535 },
      trafficClass: { start: 40, end: 184 },
      flowLabel: { start: 0xabcde },
      spi: { start: 256 },
    });
  });

  it('come back as they were, over the wire and from a record', () => {
    fc.assert(
      fc.property(selectors, selector => {
        const traffic = toTrafficSelector(selector)!;
        expect(toFlowSelector(traffic)).toEqual(selector);
        expect(selectorOfText(selectorText(traffic))).toEqual(traffic);
      }),
      { seed },
    );
  });

  it('the two bits of the traffic class that belong to ECN do not count', () => {
    const traffic = { format: 'ipv6', trafficClass: { start: 0xb9, end: 0xbb } } as const;
    expect(toFlowSelector(traffic)).toEqual({ dscp: { start: 46, end: 46 } });
  });

  it('what only the router can see has no traffic selector', () => {
    expect(toTrafficSelector({ linkLayerAddress: new Uint8Array(6) })).toBeUndefined();
    expect(toTrafficSelector({ mark: { value: 1, mask: 255 } })).toBeUndefined();
  });

  it('no other text of a record is one', () => {
    for (const text of ['', 'zz', '0200', '03000000000', '030000000000', '0200ffffffff']) {
      expect(selectorOfText(text)).toBeUndefined();
    }
  });
});

describe('flow selectors in words', () => {
  it('name what they match', () => {
    expect(selectorWords({})).toBe('everything');
    expect(
      selectorWords({
        protocol: { start: 6 },
        outside: { start: address('2001:db8::'), end: address('2001:db8:ffff:ffff:ffff:ffff:ffff:ffff') },
        outsidePort: { start: 443 },
        insidePort: { start: 1, end: 1023 },
        dscp: { start: 46 },
      }),
    ).toBe('tcp, inside port 1-1023, outside 2001:db8::/32 port 443, dscp 46');
    expect(
      selectorWords({
        protocol: { start: 89 },
        inside: { start: address('2001:db8::1'), end: address('2001:db8::3') },
        linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, 10),
        mark: { value: 1, mask: 255 },
      }),
    ).toBe('protocol 89, inside 2001:db8::1-2001:db8::3, mac 02:00:00:00:00:0a, mark 0x1/0xff');
  });
});
