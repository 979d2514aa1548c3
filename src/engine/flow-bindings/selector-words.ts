/** Flow selectors for people: `tcp, outside 2001:db8::/32 port 443`. */
import { type Address, formatAddress, formatPrefix } from '../../wire/address.ts';
import type { Range } from '../../wire/flow/range-field.ts';
import type { FlowSelector } from '../steering.ts';

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  6: 'tcp',
  17: 'udp',
  50: 'esp',
  58: 'icmpv6',
  132: 'sctp',
};

export function selectorWords(selector: FlowSelector): string {
  const { protocol, inside, insidePort, outside, outsidePort, dscp, flowLabel, spi } = selector;
  const { linkLayerAddress, mark } = selector;
  const words = [
    protocol && numbers(protocol, value => PROTOCOL_NAMES[value] ?? `protocol ${value}`),
    end('inside', inside, insidePort),
    end('outside', outside, outsidePort),
    dscp && `dscp ${numbers(dscp)}`,
    flowLabel && `flow label ${numbers(flowLabel)}`,
    spi && `spi ${numbers(spi)}`,
    linkLayerAddress &&
      `mac ${[...linkLayerAddress].map(octet => octet.toString(16).padStart(2, '0')).join(':')}`,
    mark && `mark 0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`,
  ].filter(word => word !== undefined);
  return words.length === 0 ? 'everything' : words.join(', ');
}

function end(
  name: string,
  address: Range<Address> | undefined,
  port: Range<number> | undefined,
): string | undefined {
  if (address === undefined && port === undefined) return undefined;
  const where = address === undefined ? '' : ` ${addresses(address)}`;
  return `${name}${where}${port === undefined ? '' : ` port ${numbers(port)}`}`;
}

function numbers({ start, end = start }: Range<number>, word = (value: number) => `${value}`): string {
  return start === end ? word(start) : `${word(start)}-${word(end)}`;
}

function addresses({ start, end }: Range<Address>): string {
  if (end === undefined) return formatAddress(start);
  const length = commonBits(start, end);
  const isPrefix =
    bitsFrom(start, length).every(bit => bit === 0) && bitsFrom(end, length).every(bit => bit === 1);
  return isPrefix
    ? formatPrefix({ address: start, length })
    : `${formatAddress(start)}-${formatAddress(end)}`;
}

function commonBits(a: Address, b: Address): number {
  const bits = bitsFrom(b, 0);
  const at = bitsFrom(a, 0).findIndex((bit, index) => bit !== bits[index]);
  return at < 0 ? bits.length : at;
}

function bitsFrom(address: Address, from: number): number[] {
  const bits = [...address].flatMap(octet => [7, 6, 5, 4, 3, 2, 1, 0].map(bit => (octet >> bit) & 1));
  return bits.slice(from);
}
