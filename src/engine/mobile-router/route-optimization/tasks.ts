/** What is to be said to a correspondent: its bindings compared with those at the home agent. */
import { equalAddress } from '../../../wire/address.ts';
import { type CorrespondentEntry, type DirectPath, newPath } from './correspondent-entry.ts';
import { type HomePath, type HomeRegistration, pathFor, usualPath, withoutPaths } from './registration.ts';

/** Seconds (RFC 6275 §12). */
const MAX_RR_BINDING_LIFETIME = 420;
/** Lifetimes are multiples of it, in seconds (RFC 6275 §6.1.7). */
const UNIT = 4;

export interface Task {
  readonly path: DirectPath;
  /** Seconds; 0 de-registers. */
  readonly lifetime: number;
  readonly priority: number;
  /** Undefined in a de-registration: it leaves by whatever path there is. */
  readonly device: string | undefined;
  /** No sooner. Monotonic, milliseconds. */
  readonly dueAt: number;
}

/**
 * The tasks of one correspondent, those of the uplink in use first. Paths that the home agent has got new are added to
 * the entry, those of which nothing is left are taken out.
 */
export function tasksOf(entry: CorrespondentEntry, home: HomeRegistration, now: number): Task[] {
  const { homeAddressUntil } = home;
  const reachable = withoutPaths(home, ({ bid, careOfAddress }) => {
    const path = entry.paths.get(bid);
    return path !== undefined && isGivenUp(path, now) && equalAddress(path.careOfAddress, careOfAddress);
  });
  const wanted = entry.unsupported || homeAddressUntil <= now ? [] : wantedPaths(entry, reachable);
  const tasks = wanted.flatMap(path => {
    // RFC 6275 §11.4.2: no binding is to outlive the home address.
    const expiresAt = Math.min(path.expiresAt, homeAddressUntil);
    return registrationOf(entry, { ...path, expiresAt }, now) ?? [];
  });
  const replaced = tasks.some(({ path }) => path.pausedUntil <= now);
  // Any message says all flows: one about what is bound already needs nothing else.
  const spokesman = tasks.findIndex(({ path }) => path.binding !== undefined && path.pending === undefined);
  const said = tasks[spokesman];
  if (said) tasks[spokesman] = { ...said, dueAt: Math.min(said.dueAt, entry.flows.dueAt()) };
  for (const path of [...entry.paths.values()]) {
    if (wanted.some(({ bid }) => bid === path.bid)) continue;
    const task = deregistrationOf(entry, path, replaced);
    if (task !== undefined) tasks.push(task);
    else if (!isGivenUp(path, now)) entry.paths.delete(path.bid);
  }
  return tasks;
}

const isGivenUp = ({ lost, pausedUntil }: DirectPath, now: number): boolean => lost && pausedUntil > now;

/** With the priorities that make a correspondent prefer the first one, if that is not the one in use. */
function wantedPaths(entry: CorrespondentEntry, home: HomeRegistration): HomePath[] {
  const { paths } = home;
  const first = pathFor(home, entry);
  if (first === undefined) return [];
  if (entry.single) return [first];
  const others = paths.filter(path => path.bid !== first.bid);
  if (first.bid === usualPath(home)!.bid) return [first, ...others];
  const best = Math.min(...paths.map(({ priority }) => priority));
  return [
    { ...first, priority: best },
    ...others.map(path => ({ ...path, priority: Math.max(path.priority, best + 1) })),
  ];
}

function registrationOf(entry: CorrespondentEntry, home: HomePath, now: number): Task | undefined {
  const { bid, careOfAddress, priority, device } = home;
  const path = entry.paths.get(bid) ?? newPath(bid, careOfAddress);
  entry.paths.set(bid, path);
  if (!equalAddress(path.careOfAddress, careOfAddress)) {
    // A token proves the address that it was sent to.
    path.careOfAddress = careOfAddress;
    path.test.forget();
    path.pending = undefined;
    path.pausedUntil = Number.NEGATIVE_INFINITY;
    path.failures = 0;
    path.lost = false;
  }
  const { binding } = path;
  const isSame =
    binding !== undefined &&
    !path.lost &&
    binding.expiresAt <= home.expiresAt &&
    equalAddress(binding.careOfAddress, careOfAddress) &&
    (entry.single || binding.priority === priority);
  const remaining = (home.expiresAt - now) / 1000;
  const lifetime = Math.floor(Math.min(MAX_RR_BINDING_LIFETIME, remaining) / UNIT) * UNIT;
  if (lifetime === 0) return undefined;
  const task = { path, lifetime, priority, device };
  if (!isInUse(entry, path)) return binding && { ...task, dueAt: binding.expiresAt };
  return { ...task, dueAt: isSame && path.pending === undefined ? binding.refreshAt : now };
}

/** A binding that nobody has used for half its life is not refreshed or made anew, unless the configuration asks for it. */
export function isInUse(
  { configured, usedAt }: CorrespondentEntry,
  { binding, pending }: DirectPath,
): boolean {
  if (configured || pending !== undefined) return true;
  if (binding === undefined) return usedAt !== Number.NEGATIVE_INFINITY;
  return usedAt >= binding.expiresAt - (binding.lifetime * 1000) / 2;
}

/** Undefined: there is nothing to take back, or another registration does it. */
function deregistrationOf(entry: CorrespondentEntry, path: DirectPath, replaced: boolean): Task | undefined {
  const isBound = path.binding !== undefined || path.pending !== undefined;
  if (!isBound || (replaced && (entry.single || entry.overwrite))) return undefined;
  return { path, lifetime: 0, priority: 0, device: undefined, dueAt: Number.NEGATIVE_INFINITY };
}
