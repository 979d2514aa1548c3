import { quoted } from './fault.ts';

/**
 * The known name nearest to a mistyped one, as the end of a message: `; did you mean 'lifetime'?`.
 * Empty when none is near enough to be a plausible slip.
 */
export function suggestion(typed: string, known: readonly string[]): string {
  let nearest: string | undefined;
  let best = Math.max(2, Math.floor(typed.length / 3)) + 1;
  if (typed.length > LONGEST_NAME) return '';
  for (const name of known) {
    const distance = editDistance(typed.toLowerCase(), name);
    if (distance < best && distance < name.length) {
      best = distance;
      nearest = name;
    }
  }
  return nearest === undefined ? '' : `; did you mean ${quoted(nearest)}?`;
}

const LONGEST_NAME = 32;

/** Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let distance = Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        distance = Math.min(distance, beforePrevious[column - 2]! + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
