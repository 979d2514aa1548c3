import { expect, it } from 'vitest';
import { emitNeighbor, failedNeighbor, NeighborType, parseNeighbor } from '../../../src/netlink/neighbor.ts';
import { parseAddress } from '../../../src/wire/address.ts';
import { octets } from '../wire/octets.ts';
import { ofThisMachine } from './captured.ts';

const neighbor = parseAddress('2001:db8:100::10')!;
const ADDRESS = '20010db8 01000000 00000000 00000010';
const linkLayerAddress = Uint8Array.of(2, 0, 0, 0, 0, 9);

/** As `ip -6 neigh replace proxy 2001:db8:100::10 dev if11 router proto 135` asks. */
const PROXY = ofThisMachine(
  `0a000000 0b000000 8000 88 00 1400 0100 ${ADDRESS} 0500 0c00 87000000`,
  `0a000000 0000000b 0080 88 00 0014 0001 ${ADDRESS} 0005 000c 87000000`,
);
/** As `ip -6 neigh replace 2001:db8:100::10 dev if11 lladdr 02:00:00:00:00:09 nud permanent proto 135` asks. */
const PLACE = ofThisMachine(
  `0a000000 0b000000 8000 00 00 1400 0100 ${ADDRESS} 0a00 0200 020000000009 0000 0500 0c00 87000000`,
  `0a000000 0000000b 0080 00 00 0014 0001 ${ADDRESS} 000a 0002 020000000009 0000 0005 000c 87000000`,
);

it.each([
  ['that the kernel is the proxy of', PROXY, undefined, true],
  ['with a place on the link', PLACE, linkLayerAddress, false],
])('a neighbour %s is written as Linux reads it, and read again', (_, text, place, router) => {
  const value = { link: 11, neighbor, linkLayerAddress: place, router, protocol: 135 };
  expect(emitNeighbor(value)).toEqual(octets(text));
  expect(parseNeighbor(octets(text))).toEqual(value);
});

/** A router in state NUD_FAILED, with NDA_DST and NDA_PROBES. */
const FAILED = ofThisMachine(
  `0a000000 0b000000 2000 80 01 1400 0100 ${ADDRESS} 0800 0400 03000000`,
  `0a000000 0000000b 0020 80 01 0014 0001 ${ADDRESS} 0008 0004 00000003`,
);

it('[RFC 4861 §7.3.3] a neighbour that cannot be reached any more is told from others', () => {
  const notification = (type: number, body: Uint8Array) => ({ type, flags: 0, sequence: 0, port: 0, body });
  expect(failedNeighbor(notification(NeighborType.new, octets(FAILED)))).toEqual({ link: 11, neighbor });
  expect(failedNeighbor(notification(NeighborType.delete, octets(FAILED)))).toBeUndefined();
  expect(failedNeighbor(notification(NeighborType.new, octets(PLACE)))).toBeUndefined();
  expect(failedNeighbor(notification(NeighborType.new, octets(FAILED).subarray(0, 8)))).toBeUndefined();
});

it('what nobody configured, is of another family, or ends early is none', () => {
  const reachable = octets(PLACE);
  reachable.fill(0, 8, 10);
  const ipv4 = octets(PROXY);
  ipv4[0] = 2;
  for (const bytes of [reachable, ipv4, octets(PROXY).subarray(0, 20), octets(PROXY).subarray(0, 12)]) {
    expect(parseNeighbor(bytes)).toBeUndefined();
  }
});
