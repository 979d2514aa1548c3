import { layout, type Part } from '../layout/part.ts';
import { option } from '../option-format.ts';

const SIZE = 3;
const SIGN = 2 ** 23;
/** Nine whole bits of 24. */
const PER_DEGREE = 2 ** 15;

/** A signed fixed-point number of degrees: -256 to 256 in steps of 2^-15. */
function degrees<const N extends string>(name: N): Part<Readonly<Record<N, number>>> {
  const valueAt = (octets: Uint8Array, at: number): number => {
    const raw = (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!;
    return (raw < SIGN ? raw : raw - 2 * SIGN) / PER_DEGREE;
  };
  return {
    size: SIZE,
    read(octets, at, _end, into) {
      (into as Record<string, unknown>)[name] = valueAt(octets, at);
      return undefined;
    },
    write(octets, at, value) {
      const raw = value[name] * PER_DEGREE;
      if (!(raw >= -SIGN && raw < SIGN && Number.isInteger(raw)))
        throw new RangeError(`${name} ${value[name]}`);
      octets[at] = (raw >> 16) & 0xff;
      octets[at + 1] = (raw >> 8) & 0xff;
      octets[at + 2] = raw & 0xff;
    },
    show(octets, at, _end, shown) {
      shown.push({ name, offset: at, length: SIZE, value: valueAt(octets, at), meaning: 'degrees' });
    },
  };
}

/** Where the access point is, in WGS 84. */
export const geoLocation = option({
  type: 2,
  kind: 'geo-location',
  name: 'Geo-Location',
  section: 'RFC 6757 §3.1.2',
  layout: layout(
    degrees('latitude'), // north is positive
    degrees('longitude'), // east is positive
  ),
});
