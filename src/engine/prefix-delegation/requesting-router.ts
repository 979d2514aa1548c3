/**
 * A mobile router gets its prefixes from its home agent (RFC 6276): it is a DHCPv6 client that asks for them (RFC 8415 §18.2)
 * and the relay agent of that client, so that all messages go by unicast, from the home address through the tunnel.
 *
 * What is delegated is a record: whoever makes the configuration of the mobile router (`leasedConfig`) puts it into the place of
 * configured prefixes, and registrations, forwarding and status follow from that as from any prefix. Times are monotonic,
 * milliseconds.
 */
import type { Lease } from '../../uci/types.ts';
import { type Address, equalAddress, formatAddress, formatPrefix } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { type Dhcpv6Option, findOption, Status } from '../../wire/dhcpv6/options.ts';
import { isRegistered } from '../mobile-router/binding-update-list.ts';
import type { MobileRouter } from '../mobile-router/mobile-router.ts';
import type { RandomOctets } from '../mobile-router/route-optimization/keygen-test.ts';
import type { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import type { DelegationReport } from '../status.ts';
import type { JsonObject, ReceivedPacket } from '../types.ts';
import { type Answer, emitQuestion, IAID, readAnswer, statusIn } from './client-message.ts';
import { duidOf } from './duid.ts';
import { Exchange, type ExchangeKind } from './exchange.ts';
import { grantIn, leaseNames, restoreLeases, restoreTime, saveLeases, saveTime } from './lease.ts';

/** The key of its record. */
const DELEGATION_KEY = 'delegation';

const SECRET_LENGTH = 8;
/** RFC 8415 §14.1, whatever the answers are. */
const MESSAGE_RATE = 1;
const MESSAGE_BURST = 20;
/** Before the first Solicit. */
const SOLICIT_DELAY = 1000;
const LARGEST_PREFERENCE = 255;
/** Between which a server may set the longest timeout of a Solicit (RFC 8415 §21.24), seconds. */
const SOL_MAX_RT = [60, 86_400] as const;
/** Before prefixes are asked for again that turned out to be of no use, and at most. */
const FIRST_PAUSE = 10_000;
const LONGEST_PAUSE = 3_600_000;
/** Before a delegating router that has lost the leases, and gives none, is asked again about those that are left. */
const RENEWAL_PAUSE = 600_000;
const REFUSALS: readonly number[] = [STATUS.invalidPrefix, STATUS.notAuthorizedForPrefix];

const STATES: Record<ExchangeKind, DelegationReport['state']> = {
  solicit: 'asking',
  request: 'asking',
  renew: 'renewing',
  rebind: 'rebinding',
  release: 'giving back',
};

export class RequestingRouter {
  leases: readonly Lease[];

  readonly #router: MobileRouter;
  readonly #outbox: Outbox;
  readonly #random: () => number;
  readonly #randomOctets: RandomOctets;
  readonly #duid: Uint8Array;
  readonly #rate = new RateLimit(MESSAGE_RATE, MESSAGE_BURST);
  /** DUID of the delegating router. */
  #server: Uint8Array | undefined;
  /** That the leases are from, or that was asked last. */
  #homeAgent: Address | undefined;
  #renewAt = Number.POSITIVE_INFINITY;
  #rebindAt = Number.POSITIVE_INFINITY;
  /** The leases are given back. */
  #releasing = false;
  /** Times since the latest renewal that asking came to nothing, or the home agent refused what it had delegated. */
  #failures = 0;
  /** No Solicit before. */
  #notBefore = 0;
  #exchange: Exchange | undefined;
  /** The delegating router that a Request is for. */
  #offer: { readonly server: Uint8Array; readonly preference: number } | undefined;
  #chosen = false;
  #longestSolicit: number | undefined;
  /** The prefixes have changed: another one takes over, with the mobile router that has them. */
  #isSuperseded = false;
  /** Why the latest answer was of no use. */
  #complaint: string | undefined;

  /** @param random uniform in [0, 1), unpredictable to others */
  constructor(
    router: MobileRouter,
    outbox: Outbox,
    random: () => number,
    randomOctets: RandomOctets,
    record: JsonObject | undefined,
    now: number,
  ) {
    const { homeAddress } = router.config;
    this.#router = router;
    this.#outbox = outbox;
    this.#random = random;
    this.#randomOctets = randomOctets;
    this.#duid = duidOf(homeAddress);
    const own = record?.homeAddress === formatAddress(homeAddress) ? record : undefined;
    this.leases = restoreLeases(own?.leases, now);
    if (own === undefined) return;
    const { server, homeAgent, failures, notBefore } = own;
    this.#server = Array.isArray(server) ? Uint8Array.from(server as number[]) : undefined;
    this.#homeAgent = router.homeAgents.candidates.find(candidate => formatAddress(candidate) === homeAgent);
    this.#renewAt = restoreTime(own.renewAt);
    this.#rebindAt = restoreTime(own.rebindAt);
    this.#releasing = own.releasing === true;
    this.#failures = typeof failures === 'number' ? failures : 0;
    this.#notBefore = typeof notBefore === 'number' ? Math.min(notBefore, now + LONGEST_PAUSE) : 0;
  }

  /** Everything that is due. */
  step(now: number): void {
    if (!this.#isSuperseded) this.#expire(now);
    if (!this.#isSuperseded) this.#heedRefusal(now);
    if (this.#isSuperseded) return;
    this.#heedHomeAgent(now);
    const wanted = this.#wanted(now);
    if (wanted !== this.#exchange?.kind) this.#begin(wanted, now);
    const exchange = this.#exchange;
    if (exchange === undefined || this.#via === undefined || now < exchange.dueAt) return;
    if (exchange.kind === 'solicit' && this.#offer !== undefined) {
      this.#chosen = true;
      this.step(now);
    } else if (exchange.isOver) {
      this.#giveUp(exchange.kind, now);
      this.step(now);
    } else if (this.#rate.allow(now)) {
      this.#send(exchange, this.#via, now);
    } else {
      exchange.dueAt = now + 1000 / MESSAGE_RATE;
    }
  }

  nextWake(): number {
    if (this.#isSuperseded) return Number.POSITIVE_INFINITY;
    const ends = this.leases.map(({ validUntil }) => validUntil);
    const due = this.#via === undefined ? undefined : (this.#exchange?.dueAt ?? this.#renewAt);
    return Math.min(due ?? Number.POSITIVE_INFINITY, ...ends, this.#nextChange());
  }

  /** Takes an answer. Returns why it was not taken. */
  receive(packet: ReceivedPacket, now: number): string | undefined {
    const exchange = this.#exchange;
    const { current } = this.#router.homeAgents;
    if (this.#isSuperseded || exchange === undefined || exchange.sent === 0 || current === undefined)
      return 'dhcpv6-unasked';
    if (!equalAddress(packet.source, current)) return 'dhcpv6-unexpected';
    const answer = readAnswer(packet.bytes, exchange, this.#duid);
    if (typeof answer === 'string') return answer;
    this.#take(answer, exchange, current, now);
    return undefined;
  }

  /** @param now monotonic, milliseconds */
  report(now: number): DelegationReport {
    const left = (until: number) =>
      until === Number.POSITIVE_INFINITY ? null : Math.max(Math.floor((until - now) / 1000), 0);
    const held = this.#releasing ? [] : this.leases;
    const asked = this.#exchange?.kind;
    return {
      state: asked === undefined ? 'bound' : this.#via === undefined ? 'waiting' : STATES[asked],
      prefixes: held.map(({ prefix, preferredUntil, validUntil }) => ({
        prefix: formatPrefix(prefix),
        preferred: left(preferredUntil),
        valid: left(validUntil),
      })),
      renewIn: held.length === 0 ? null : left(this.#renewAt),
      complaint: this.#complaint ?? null,
    };
  }

  /** The home agent that can be reached through a tunnel, or on the home link. */
  get #via(): Address | undefined {
    return this.#router.active.entry && this.#router.homeAgents.current;
  }

  #wanted(now: number): ExchangeKind | undefined {
    if (this.#releasing) return 'release';
    if (this.#chosen) return 'request';
    if (this.leases.length === 0) return 'solicit';
    if (now >= this.#rebindAt) return 'rebind';
    return now >= this.#renewAt ? 'renew' : undefined;
  }

  /** When {@link #wanted} says something else because of the time. */
  #nextChange(): number {
    const isPending = this.leases.length > 0 && !this.#releasing && !this.#chosen && this.#via !== undefined;
    return isPending && this.#exchange?.kind === 'renew' ? this.#rebindAt : Number.POSITIVE_INFINITY;
  }

  #begin(kind: ExchangeKind | undefined, now: number): void {
    this.#exchange = undefined;
    if (kind === undefined) return;
    const dueAt = kind === 'solicit' ? Math.max(now + this.#random() * SOLICIT_DELAY, this.#notBefore) : now;
    const longest = kind === 'solicit' ? this.#longestSolicit : undefined;
    this.#exchange = new Exchange(kind, this.#randomOctets(SECRET_LENGTH), this.#random, dueAt, longest);
  }

  #giveUp(kind: ExchangeKind, now: number): void {
    if (kind === 'release') this.#forget(now);
    this.#offer = undefined;
    this.#chosen = false;
  }

  #send(exchange: Exchange, homeAgent: Address, now: number): void {
    const { homeAddress } = this.#router.config;
    const server = exchange.kind === 'request' ? this.#offer?.server : this.#server;
    const packet = emitQuestion({ homeAddress, homeAgent }, exchange, this.#duid, server, this.leases, now);
    exchange.transmitted(now);
    this.#homeAgent ??= homeAgent;
    this.#outbox.send(packet, homeAgent);
  }

  #take({ kind, server, options }: Answer, exchange: Exchange, homeAgent: Address, now: number): void {
    const longest = findOption(options, 'sol-max-rt')?.solMaxRt;
    if (longest !== undefined && longest >= SOL_MAX_RT[0] && longest <= SOL_MAX_RT[1]) {
      this.#longestSolicit = longest * 1000;
      if (exchange.kind === 'solicit') exchange.longest = this.#longestSolicit;
    }
    if (kind === 'advertise') this.#weigh(server, options, exchange, now);
    else if (exchange.kind === 'release') this.#forget(now);
    else this.#settle(server, options, homeAgent, now);
    this.step(now);
  }

  /** RFC 8415 §18.2.9: one of the greatest preference is taken at once, the best one when the first timeout is over. */
  #weigh(server: Uint8Array, options: readonly Dhcpv6Option[], exchange: Exchange, now: number): void {
    const grant = this.#grantIn(options, now);
    if (grant === undefined || grant.leases.length === 0) {
      this.#complain(options);
      return;
    }
    const preference = findOption(options, 'preference')?.preference ?? 0;
    if (preference > (this.#offer?.preference ?? -1)) this.#offer = { server, preference };
    this.#chosen = preference === LARGEST_PREFERENCE || exchange.sent > 1;
  }

  #grantIn(options: readonly Dhcpv6Option[], now: number) {
    const association = options.find(option => option.kind === 'ia-pd' && option.iaid === IAID);
    if (association?.kind !== 'ia-pd') return undefined;
    const careOf = this.#router.addresses.slice(1);
    return grantIn(association, [...this.#router.homeAgents.candidates, ...careOf], now);
  }

  /** RFC 8415 §18.2.10. */
  #settle(server: Uint8Array, options: readonly Dhcpv6Option[], homeAgent: Address, now: number): void {
    const grant = this.#grantIn(options, now);
    const status = statusIn(options);
    if (status === Status.noBinding && this.leases.length > 0 && !this.#chosen) {
      // Not there any more, but perhaps still to be had.
      this.#offer = { server, preference: 0 };
      this.#chosen = true;
      return;
    }
    const isEmpty = grant === undefined || (grant.leases.length === 0 && grant.withdrawn.length === 0);
    if (isEmpty || status === Status.unspecifiedFailure || status === Status.useMulticast) {
      this.#complain(options);
      // A renewal is repeated by itself.
      if (!this.#chosen) return;
      this.#giveUp('request', now);
      this.#pause(FIRST_PAUSE, now);
      this.#renewAt = Math.max(this.#renewAt, now + RENEWAL_PAUSE);
      this.#rebindAt = Math.max(this.#rebindAt, this.#renewAt);
      return;
    }
    const named = [...leaseNames(grant.leases), ...grant.withdrawn];
    const unmentioned = this.leases.filter(({ prefix }) => !named.includes(formatPrefix(prefix)));
    if (this.#exchange?.kind !== 'solicit' && this.#exchange?.kind !== 'request') this.#failures = 0;
    this.#server = server;
    this.#homeAgent = homeAgent;
    this.#offer = undefined;
    this.#chosen = false;
    this.#exchange = undefined;
    this.#complaint = undefined;
    this.#renewAt = grant.renewAt;
    this.#rebindAt = grant.rebindAt;
    this.#hold([...grant.leases, ...unmentioned], 'taken back by the home agent');
  }

  #complain(options: readonly Dhcpv6Option[]): void {
    const status = statusIn(options);
    const complaint =
      status === Status.noPrefixAvailable
        ? 'the home agent has no prefix for this router'
        : `the home agent delegates no prefix that can be used (status ${status})`;
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    this.#outbox.event('warning', 'delegation-refused', complaint, { status });
  }

  /** RFC 3963 §5.4.2: what the home agent does not take in a registration is given back, and another prefix asked for. */
  #heedRefusal(now: number): void {
    const { entries, homeAgents } = this.#router;
    if (this.#releasing || this.leases.length === 0) return;
    const isRefused =
      entries.some(({ refusal }) => REFUSALS.includes(refusal?.status ?? 0)) ||
      (!entries.some(isRegistered) && homeAgents.isRefusedWith(REFUSALS));
    if (!isRefused) return;
    this.#pause(0, now);
    this.#releasing = true;
    this.#chosen = false;
    this.#tell('warning', 'prefix-lost', `${leaseNames(this.leases).join(', ')} refused: given back`);
    this.#save(true);
  }

  /** Another home agent may know nothing of the leases, or of the exchange. */
  #heedHomeAgent(now: number): void {
    const { current } = this.#router.homeAgents;
    if (current === undefined || this.#homeAgent === undefined || equalAddress(current, this.#homeAgent))
      return;
    this.#homeAgent = current;
    this.#exchange = undefined;
    this.#offer = undefined;
    this.#chosen = false;
    if (this.leases.length === 0) return;
    this.#rebindAt = Math.min(this.#rebindAt, now);
    this.#renewAt = Math.min(this.#renewAt, now);
    this.#save(false);
  }

  /** @param first milliseconds after the first failure */
  #pause(first: number, now: number): void {
    const pause = this.#failures === 0 ? first : FIRST_PAUSE * 2 ** Math.min(this.#failures, 10);
    this.#failures += 1;
    this.#notBefore = now + Math.min(pause, LONGEST_PAUSE);
  }

  #expire(now: number): void {
    const lasting = this.leases.filter(({ validUntil }) => validUntil > now);
    if (lasting.length < this.leases.length) this.#hold(lasting, 'has ended');
  }

  /** @param why what becomes of those that are not among the leases */
  #hold(leases: readonly Lease[], why: string): void {
    const [before, after] = [leaseNames(this.leases), leaseNames(leases)];
    const gone = before.filter(name => !after.includes(name));
    const added = after.filter(name => !before.includes(name));
    this.leases = leases;
    if (gone.length > 0) this.#tell('warning', 'prefix-lost', `${gone.join(', ')} ${why}`);
    if (added.length > 0) {
      const by = this.#homeAgent === undefined ? '' : ` by ${formatAddress(this.#homeAgent)}`;
      this.#tell('notice', 'prefix-delegated', `${added.join(', ')} delegated${by}`);
    }
    this.#save(!this.#releasing && gone.length + added.length > 0);
  }

  #forget(now: number): void {
    this.leases = [];
    this.#releasing = false;
    this.#notBefore = Math.max(this.#notBefore, now);
    this.#exchange = undefined;
    this.#save(false);
  }

  #tell(level: 'notice' | 'warning', name: string, text: string): void {
    const prefixes = this.#releasing ? [] : leaseNames(this.leases);
    this.#outbox.event(level, name, `mobile network prefix ${text}`, { prefixes });
  }

  #save(changed: boolean): void {
    const record = {
      homeAddress: formatAddress(this.#router.config.homeAddress),
      leases: saveLeases(this.leases),
      server: [...(this.#server ?? [])],
      homeAgent: this.#homeAgent === undefined ? null : formatAddress(this.#homeAgent),
      renewAt: saveTime(this.#renewAt),
      rebindAt: saveTime(this.#rebindAt),
      releasing: this.#releasing,
      failures: this.#failures,
      notBefore: this.#notBefore,
    };
    this.#outbox.record(DELEGATION_KEY, record);
    this.#outbox.delegation(changed);
    this.#isSuperseded = changed;
  }
}
