/** Titles that the source of a test file can produce: as they stand, or from a template and values. */

const LITERAL = /(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g;
const PLACEHOLDER = /%[sdifjo]|\$\{[^}]*\}|\$\w+/;
/** Share of the text that must come from the template itself, not from values. */
const LEAST_SHARE = 1 / 4;

/** Whether the text can be part of a title. `make conformance` knows the titles themselves; this needs no run. */
export function canBeTitle(source: string, text: string): boolean {
  if (source.includes(text)) return true;
  for (const [, , literal] of source.matchAll(LITERAL)) {
    const pieces = literal!.split(PLACEHOLDER);
    if (pieces.length > 1 && literals(pieces, text) >= text.length * LEAST_SHARE) return true;
  }
  return false;
}

/** How many characters of the text the pieces give when values between them give the rest; -1: they cannot give it. */
function literals(pieces: readonly string[], text: string): number {
  const tokens = pieces.flatMap((piece, index) => (index === 0 ? [...piece] : [undefined, ...piece]));
  // At each token where a match may stand, the most characters that came from pieces.
  let states = new Map(tokens.map((_, at) => [at, 0]));
  for (const character of text) {
    const next = new Map<number, number>();
    const reach = (at: number, count: number) => next.set(at, Math.max(count, next.get(at) ?? 0));
    for (const [at, count] of states) {
      if (at === tokens.length) continue;
      if (tokens[at] === undefined) {
        reach(at, count);
        reach(at + 1, count);
      } else if (tokens[at] === character) {
        reach(at + 1, count + 1);
      }
    }
    states = next;
  }
  return Math.max(-1, ...states.values());
}
