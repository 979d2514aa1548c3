import type { Statement } from './types.ts';

/** Omits from each member of the union, so that it stays one. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id' | 'level'> : never;

/**
 * One statement for each sequence of a group whose titles differ in small things only.
 * @param ids parted by blanks; 'HA_2_5_1..8' stands for eight of them
 */
export function sequences(ids: string, row: WithoutId<Statement>): Statement[] {
  return ids
    .trim()
    .split(/\s+/)
    .flatMap(expanded)
    .map(id => ({ id, level: 'prose', ...row }));
}

function expanded(ids: string): string[] {
  const range = /^(.*?)(\d+)\.\.(\d+)$/.exec(ids);
  if (range === null) return [ids];
  const [, series, first, last] = range as unknown as [string, string, string, string];
  const count = Number(last) - Number(first) + 1;
  const digits = first.startsWith('0') ? first.length : 0;
  return Array.from({ length: count }, (_, i) => series + String(Number(first) + i).padStart(digits, '0'));
}
