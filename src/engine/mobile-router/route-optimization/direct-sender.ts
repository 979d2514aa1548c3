/** What a mobile node sends to a correspondent for a task, and when: questions, Binding Updates, repetitions. */
import { type Address, equalAddress, formatAddress } from '../../../wire/address.ts';
import { encapsulate } from '../../../wire/encapsulation.ts';
import type { MobilityOption } from '../../../wire/mobility-option.ts';
import type { CreateHmac } from '../../hmac.ts';
import type { Dialect } from '../../identifiers/dialect.ts';
import type { Outbox } from '../../outbox.ts';
import { bindingManagementKey } from '../../return-routability.ts';
import { nextSequence } from '../../sequence.ts';
import type { Level } from '../../types.ts';
import type { UpdateRate } from '../retransmission.ts';
import { nextTimeout } from '../retransmission.ts';
import { type CorrespondentEntry, type DirectPath, pause } from './correspondent-entry.ts';
import { FIRST_TIMEOUT, type KeygenTest, MAX_RO_FAILURE, type RandomOctets } from './keygen-test.ts';
import {
  type DirectUpdate,
  emitCareOfTestInit,
  emitDirectUpdate,
  emitHomeTestInit,
  type Tunnel,
} from './messages.ts';
import type { HomeRegistration } from './registration.ts';
import type { Task } from './tasks.ts';

/** What has been sent twice without an answer may have been made of tokens that count no more. */
const ATTEMPTS_WITH_SAME_TOKENS = 2;

const UNREGISTERED: Omit<HomeRegistration, 'homeAddress'> = {
  homeAgent: undefined,
  homeAddressUntil: Number.POSITIVE_INFINITY,
  paths: [],
  active: undefined,
  devices: [],
  homeLink: undefined,
};

/** Times are monotonic, milliseconds. What returns a number says when to come again. */
export class DirectSender {
  /** As the home agent has acknowledged it. */
  home: HomeRegistration;
  readonly #random: RandomOctets;
  readonly #createHmac: CreateHmac;
  readonly #outbox: Outbox;
  readonly #dialect: Dialect;

  constructor(
    homeAddress: Address,
    dialect: Dialect,
    random: RandomOctets,
    outbox: Outbox,
    createHmac: CreateHmac,
  ) {
    this.home = { ...UNREGISTERED, homeAddress };
    this.#dialect = dialect;
    this.#random = random;
    this.#outbox = outbox;
    this.#createHmac = createHmac;
  }

  /** An event about one correspondent. */
  tell({ address }: CorrespondentEntry, level: Level, name: string, text: string): void {
    const correspondent = formatAddress(address);
    this.#outbox.event(level, name, `${correspondent} ${text}`, { correspondent });
  }

  /** A path that was in use does not lead there any more. */
  lose(entry: CorrespondentEntry, path: DirectPath, now: number): void {
    path.failures = path.losses;
    path.losses += 1;
    path.lost = true;
    path.pending = undefined;
    path.test.forget();
    pause(path, now);
    this.#outbox.counters.add('direct-path-lost');
    this.#outbox.forwarding(this.home.homeAddress);
    const from = formatAddress(path.careOfAddress);
    const again = Math.round((path.pausedUntil - now) / 1000);
    const text = `is not reached directly from ${from}; tried again in ${again} s`;
    this.tell(entry, 'warning', 'direct-path-lost', text);
  }

  /** The care-of token first, where it is needed; then the Binding Update. */
  carryOut(entry: CorrespondentEntry, task: Task, now: number): number {
    const { path } = task;
    if (task.lifetime > 0 && path.pausedUntil > now) return path.pausedUntil;
    const wake = path.pending?.retransmitAt ?? Number.POSITIVE_INFINITY;
    if (task.lifetime > 0 && path.test.token(now) === undefined) {
      // What was sent before may still be answered, and then there is nothing to ask for.
      return path.pending !== undefined && wake > now ? wake : this.#askCareOf(entry, task, now);
    }
    if (entry.home.token(now) === undefined) return Number.POSITIVE_INFINITY;
    if (wake > now && path.pending !== undefined && isSameTask(path, task)) return wake;
    return this.#update(entry, task, now);
  }

  /** Through the tunnel, or straight from the home link. */
  askHome(entry: CorrespondentEntry, now: number): number {
    const { homeAddress, homeAgent, active, paths, homeLink } = this.home;
    const via = active ?? paths[0];
    const atHome = homeLink !== undefined;
    if (!atHome && (via === undefined || homeAgent === undefined)) return Number.POSITIVE_INFINITY;
    const cookie = this.#ask(entry, entry, entry.home, entry.rates.home, now);
    if (typeof cookie === 'number') return cookie;
    const tunnel = atHome ? undefined : { careOfAddress: via!.careOfAddress, homeAgent: homeAgent! };
    const packet = emitHomeTestInit(homeAddress, entry.address, cookie, tunnel);
    this.#outbox.send(packet, tunnel?.homeAgent ?? entry.address, homeLink ?? via!.device);
    return entry.home.dueAt;
  }

  #askCareOf(entry: CorrespondentEntry, { path, device }: Task, now: number): number {
    const cookie = this.#ask(entry, path, path.test, entry.rates.careOf, now);
    if (typeof cookie === 'number') return cookie;
    const bid = entry.single ? undefined : path.bid;
    const packet = emitCareOfTestInit(path.careOfAddress, entry.address, cookie, bid, this.#dialect);
    this.#outbox.send(packet, entry.address, device);
    return path.test.dueAt;
  }

  /** The cookie of a question that may be asked now, or when to come again. */
  #ask(
    entry: CorrespondentEntry,
    what: CorrespondentEntry | DirectPath,
    test: KeygenTest,
    rate: UpdateRate,
    now: number,
  ): Uint8Array | number {
    if (test.isExhausted(now)) {
      test.forget();
      if ('bid' in what && what.binding !== undefined && !what.lost) {
        this.lose(entry, what, now);
        return now;
      }
      pause(what, now);
      this.tell(entry, 'info', 'correspondent-silent', 'does not answer');
      return what.pausedUntil;
    }
    const at = Math.max(test.dueAt, rate.allowedAt('deregister'));
    if (at > now) return at;
    rate.sent(now);
    return test.ask(now, this.#random);
  }

  #update(entry: CorrespondentEntry, task: Task, now: number): number {
    const { path } = task;
    const before = path.pending;
    const isRepeated = before !== undefined && isSameTask(path, task);
    const attempts = isRepeated ? before.attempts + 1 : 1;
    if (attempts > MAX_RO_FAILURE + 1) {
      path.pending = undefined;
      path.test.forget();
      entry.home.forget();
      if (task.lifetime === 0) path.binding = undefined;
      else if (path.binding !== undefined && !path.lost) this.lose(entry, path, now);
      else pause(path, now);
      return task.lifetime === 0 ? now : path.pausedUntil;
    }
    const allowed = entry.rates.update.allowedAt('deregister');
    if (allowed > now) return allowed;
    const sent =
      task.lifetime === 0
        ? this.sendDeregistration(entry, entry.single ? undefined : path, now, path.lost)
        : this.#sendRegistration(entry, task, now);
    if (sent === undefined) return Number.POSITIVE_INFINITY;
    const timeout = isRepeated ? nextTimeout(before.timeout) : FIRST_TIMEOUT;
    path.pending = {
      ...sent,
      action: task.lifetime === 0 ? 'deregister' : 'register',
      careOfAddress: path.careOfAddress,
      priority: task.priority,
      lifetime: task.lifetime,
      sequence: entry.sequence,
      sentAt: now,
      identified: !entry.single,
      overwrites: entry.overwrite && !entry.single && task.lifetime > 0,
      attempts,
      timeout,
      retransmitAt: now + timeout,
    };
    if (attempts === ATTEMPTS_WITH_SAME_TOKENS) {
      entry.home.forget();
      path.test.forget();
    }
    return path.pending.retransmitAt;
  }

  #sendRegistration(entry: CorrespondentEntry, { path, lifetime, priority, device }: Task, now: number) {
    const home = entry.home.token(now)!;
    const careOf = path.test.token(now)!;
    const { bid, careOfAddress } = path;
    const key = bindingManagementKey(home.keygenToken, careOf.keygenToken);
    const hmac = this.#createHmac('sha1', key);
    entry.sequence = nextSequence(entry.sequence);
    const update = {
      correspondent: entry.address,
      homeAddress: this.home.homeAddress,
      source: careOfAddress,
      sequence: entry.sequence,
      lifetime,
      overwrite: entry.overwrite && !entry.single,
      identifier: entry.single ? undefined : { bid, priority, careOfAddress },
      nonces: { home: home.nonceIndex, careOf: careOf.nonceIndex },
      hmac,
      bound: careOfAddress,
    };
    this.#send(entry, update, device, now);
    return { hmac, bound: careOfAddress };
  }

  /** With all that is to be said about flows, unless the message ends them. */
  #send(
    entry: CorrespondentEntry,
    update: Omit<DirectUpdate, 'flows'>,
    device: string | undefined,
    now: number,
    tunnel?: Tunnel,
  ): void {
    const write = (flows: readonly MobilityOption[]) => emitDirectUpdate({ ...update, flows }, this.#dialect);
    const flows = update.identifier === undefined ? [] : entry.flows.compose(update.overwrite, write);
    if (update.identifier !== undefined) entry.flows.sent(update.sequence, now);
    entry.rates.update.sent(now);
    const packet = write(flows);
    if (tunnel === undefined) this.#outbox.send(packet, entry.address, device);
    else
      this.#outbox.send(
        encapsulate(tunnel.careOfAddress, tunnel.homeAgent, packet),
        tunnel.homeAgent,
        device,
      );
  }

  /**
   * @param path undefined: all of them
   * @param byTunnel as from home, because the direct way may lead nowhere
   */
  sendDeregistration(entry: CorrespondentEntry, path: DirectPath | undefined, now: number, byTunnel = false) {
    const { homeAddress, homeLink, homeAgent, active, paths } = this.home;
    const via = active ?? paths[0];
    if (homeLink === undefined && (via === undefined || (byTunnel && homeAgent === undefined)))
      return undefined;
    const home = entry.home.token(now)!;
    const hmac = this.#createHmac('sha1', bindingManagementKey(home.keygenToken));
    entry.sequence = nextSequence(entry.sequence);
    const update = {
      correspondent: entry.address,
      homeAddress,
      source: homeLink === undefined && !byTunnel ? via!.careOfAddress : homeAddress,
      sequence: entry.sequence,
      lifetime: 0,
      overwrite: false,
      identifier: path && { bid: path.bid, priority: 0, careOfAddress: path.careOfAddress },
      nonces: { home: home.nonceIndex, careOf: 0 },
      hmac,
      bound: homeAddress,
    };
    if (homeLink !== undefined || !byTunnel) this.#send(entry, update, homeLink ?? via!.device, now);
    else
      this.#send(entry, update, via!.device, now, {
        careOfAddress: via!.careOfAddress,
        homeAgent: homeAgent!,
      });
    return { hmac, bound: homeAddress };
  }
}

function isSameTask({ pending, careOfAddress }: DirectPath, task: Task): boolean {
  if (pending === undefined || (pending.action === 'register') !== task.lifetime > 0) return false;
  return pending.priority === task.priority && equalAddress(pending.careOfAddress, careOfAddress);
}
