/** What decides every random choice of these tests: fixed, or WIRE_SEED of the environment. */
const environment = (globalThis as { process?: { env: { WIRE_SEED?: string } } }).process?.env;

export const seed = Number(environment?.WIRE_SEED ?? 6275);
