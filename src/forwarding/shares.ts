/** Choosing by weight, in a pattern that mixes well: each run of choices is as near to the weights as can be. */

/** Choices in a pattern, at most. */
const LONGEST_PATTERN = 100;

/**
 * Which of the shares each choice takes, as their weights say: exactly, or to a hundredth where the smallest exact pattern
 * would be longer.
 */
export function chosenShares(weights: readonly number[]): number[] {
  const parts = weights.reduce((a, b) => divisor(a, b), 0);
  const exact = weights.map(weight => weight / parts);
  const sum = exact.reduce((a, b) => a + b, 0);
  return sum <= LONGEST_PATTERN ? pattern(exact, sum) : pattern(weights, LONGEST_PATTERN);
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Smooth weighted round robin: each share gains its weight at each step, and the richest pays for the choice. */
function pattern(weights: readonly number[], length: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const gains = weights.map(() => 0);
  return Array.from({ length }, () => {
    for (const [at, weight] of weights.entries()) gains[at]! += weight;
    const richest = gains.indexOf(Math.max(...gains));
    gains[richest]! -= sum;
    return richest;
  });
}
