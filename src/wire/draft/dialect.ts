/**
 * The dialect of a peer: what it speaks of the Internet-Drafts that never got numbers from IANA. The numbers come from
 * the configuration, and must not be those of anything else.
 */
import type { DraftNumbers } from '../mobility-header.ts';

/** A number that cannot be used. */
export interface DialectFault {
  readonly registry: keyof DraftNumbers;
  /** Of what has the number. */
  readonly kind: string;
  /** What is wrong and what is accepted. */
  readonly rule: string;
}

interface Registry {
  readonly what: string;
  /** For numbers from 0 to 255, as of November 2026. */
  isFree(number: number): boolean;
  /** The same in words. */
  readonly free: string;
}

/** A draft may use its number instead (RFC 5096 §4). */
export const EXPERIMENTAL_OPTION = 18;
const LAST_ASSIGNED_OPTION = 70;
const EXPERIMENTAL_MESSAGE = 11;
const LAST_ASSIGNED_MESSAGE = 23;

/** By IANA's registry. RFC 5096 leaves one number each to whoever agrees upon its use. */
export const REGISTRIES: Readonly<Record<keyof DraftNumbers, Registry>> = {
  options: {
    what: 'mobility option',
    isFree: number => number > LAST_ASSIGNED_OPTION || number === EXPERIMENTAL_OPTION,
    free: '18 (experimental) or 71 to 255',
  },
  messages: {
    what: 'MH type',
    isFree: number => number > LAST_ASSIGNED_MESSAGE || number === EXPERIMENTAL_MESSAGE,
    free: '11 (experimental) or 24 to 255',
  },
};

const REGISTRY_NAMES = ['options', 'messages'] as const;

/** Everything that is wrong with the numbers. */
export function dialectFaults(numbers: DraftNumbers): DialectFault[] {
  const faults: DialectFault[] = [];
  for (const registry of REGISTRY_NAMES) {
    const { what, isFree, free } = REGISTRIES[registry];
    const users = new Map<number, string>();
    for (const [kind, number] of Object.entries<number | undefined>(numbers[registry] ?? {})) {
      if (number === undefined) continue;
      const user = users.get(number);
      const report = (problem: string) =>
        faults.push({ registry, kind, rule: `${what} ${number} ${problem}: expected ${free}` });
      if (!(Number.isInteger(number) && number >= 0 && number <= 255)) report('is out of range');
      else if (!isFree(number)) report('is assigned by IANA');
      else if (user !== undefined) report(`is already that of ${user}`);
      else users.set(number, kind);
    }
  }
  return faults;
}
