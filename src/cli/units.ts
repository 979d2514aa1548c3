/** Quantities for people. */

/** `45 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`: the two largest units. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const [minutes, hours, days] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86_400)];
  if (minutes === 0) return `${s} s`;
  if (hours === 0) return pair(minutes, 'min', s % 60, 's');
  if (days === 0) return pair(hours, 'h', minutes % 60, 'min');
  return pair(days, 'd', hours % 24, 'h');
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** `40.2 ms`, `512 ms`; `-` when not known. */
export function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** `512 octets`, `20.0 GB`. */
export function octets(value: number): string {
  const units = [
    [1e12, 'TB'],
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const;
  const [scale, unit] = units.find(([least]) => value >= least) ?? [1, 'octets'];
  return `${(value / scale).toFixed(scale === 1 ? 0 : 1)} ${unit}`;
}

/** `0 bit/s`, `64.2 kbit/s`, `12.0 Mbit/s`. */
export function bitRate(value: number): string {
  const [scale, unit] = value >= 1e6 ? [1e6, 'Mbit/s'] : value >= 1000 ? [1000, 'kbit/s'] : [1, 'bit/s'];
  return `${(value / scale).toFixed(scale === 1 ? 0 : 1)} ${unit}`;
}

export function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

/** What remains of a lifetime: `512/600 s`. */
export function remaining(lifetime: { readonly granted: number; readonly remaining: number }): string {
  return `${Math.max(0, Math.round(lifetime.remaining))}/${lifetime.granted} s`;
}

export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
