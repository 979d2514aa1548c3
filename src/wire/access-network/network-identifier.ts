import { bits, flag, unused } from '../layout/bits.ts';
import { text } from '../layout/octets.ts';
import { layout, octetsField, type Part } from '../layout/part.ts';
import { option } from '../option-format.ts';

interface Names {
  /** Of the access network, e.g. an SSID or a PLMN identifier. */
  readonly networkName: Uint8Array;
  /** Of the access point. */
  readonly accessPointName: Uint8Array;
}

const NAMES = ['networkName', 'accessPointName'] as const;
const LONGEST = 255;

/** Two names, each after an octet that counts its octets; they fill the rest. */
const countedNames: Part<Names> & { tail(value: Names): number } = {
  size: NAMES.length,
  tail: value => value.networkName.length + value.accessPointName.length,
  read(octets, at, end, into) {
    let next = at;
    for (const name of NAMES) {
      const start = next + 1;
      next = start + (octets[next] ?? 0);
      (into as Record<string, unknown>)[name] = octets.slice(start, next);
    }
    return next === end ? undefined : { rule: 'the names do not fill it exactly', offset: at };
  },
  write(octets, at, value) {
    let next = at;
    for (const name of NAMES) {
      const { length } = value[name];
      if (length > LONGEST) throw new RangeError(`${name}: ${length} octets`);
      octets[next] = length;
      octets.set(value[name], next + 1);
      next += 1 + length;
    }
  },
  show(octets, at, end, shown) {
    let next = at;
    for (const name of NAMES) {
      const start = next + 1;
      next = start + (octets[next] ?? 0);
      if (start > end || next > end) {
        shown.push({ ...octetsField(name, octets, start - 1, end), fault: 'it runs past the end' });
        return;
      }
      text(name).show(octets, start, next, shown);
    }
    if (next < end) shown.push(octetsField('surplus', octets, next, end));
  },
};

export const networkIdentifier = option({
  type: 1,
  kind: 'network-identifier',
  name: 'Network-Identifier',
  section: 'RFC 6757 §3.1.1',
  layout: layout(
    bits(1, flag('utf8', 'E'), unused(7)), // the network name is UTF-8; otherwise its encoding is not known
    countedNames,
  ),
});
