/**
 * Finds the home agent of a mobile router and changes it: discovery, the change when one fails, farewells to those that it
 * has left. No home agent knows what another one has: the router registers with the next one from nothing.
 */

import type { PrefixMode } from '../../uci/types.ts';
import { type Address, equalAddress, formatAddress, formatPrefix } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { parseIcmpv6Payload } from '../../wire/icmpv6/icmpv6-packet.ts';
import { receiveIcmpv6Error } from '../invoking-packet.ts';
import { isNewerSequence } from '../sequence.ts';
import type { HomeAgentFailure } from '../status.ts';
import type { Now, ReceivedPacket } from '../types.ts';
import { type BindingAcknowledgement, statusName, UNUSABLE } from './acknowledgement.ts';
import { type Entry, isRegistered, usableCareOfAddress } from './binding-update-list.ts';
import { DISCOVERY_REPLY, Discovery } from './discovery.ts';
import { Farewells } from './farewells.ts';
import type { MobileRouter } from './mobile-router.ts';
import { nextTimeout } from './retransmission.ts';
import { firstMode } from './terms.ts';

/** ICMPv6 types. */
const PARAMETER_PROBLEM = 4;
/** Codes: no Mobility Header, or no Home Address option, where the home agent should be (RFC 4443 §3.4). */
const UNRECOGNIZED: readonly number[] = [1, 2];

const PREFIX_REFUSALS = [STATUS.invalidPrefix, STATUS.notAuthorizedForPrefix];
/** Statuses of RFC 3963 §5.4 after which the other mode may do. */
const OTHER_MODE: Readonly<Record<PrefixMode, { mode: PrefixMode; after: readonly number[] }>> = {
  explicit: { mode: 'implicit', after: PREFIX_REFUSALS },
  implicit: { mode: 'explicit', after: [STATUS.forwardingSetupFailed] },
};

export class Failover {
  readonly icmpv6Types: readonly number[];
  readonly #router: MobileRouter;
  readonly farewells = new Farewells();
  readonly #discovery: Discovery | undefined;
  /** The modes that all home agents have refused since one accepted something, and whether for the prefixes' sake. */
  readonly #inVain = new Map<PrefixMode, boolean>();
  /** Why the home agent in use does less than it was asked for, if another one may do more. */
  #shortcoming: number | undefined;

  constructor(router: MobileRouter, random: () => number) {
    this.#router = router;
    const { config } = router;
    this.#discovery = config.discovery && new Discovery(config, config.discovery, random);
    this.icmpv6Types = this.#discovery ? [PARAMETER_PROBLEM, DISCOVERY_REPLY] : [PARAMETER_PROBLEM];
  }

  nextWake(): number {
    const { homeAgents } = this.#router;
    return Math.min(
      homeAgents.nextWake(),
      this.farewells.nextWake(),
      this.#discovery?.nextWake(homeAgents.exhausted) ?? Number.POSITIVE_INFINITY,
    );
  }

  step(now: Now): void {
    const { homeAgents, entries } = this.#router;
    // Without an uplink the silence is nobody's fault.
    if (!entries.some(entry => usableCareOfAddress(entry) !== undefined)) homeAgents.heard();
    if (this.#shortcoming !== undefined) this.#lookElsewhere(this.#shortcoming, now.monotonic);
    if (homeAgents.refused !== undefined && homeAgents.refused.until <= now.monotonic) {
      this.#resume(now.monotonic);
    } else if (homeAgents.isSilent(now.monotonic)) this.#fail('silent', undefined, now.monotonic);
    else this.#heedRefusals(now.monotonic);
    this.#sayFarewell(now);
    this.#discover(now.monotonic);
  }

  /** The home agent in use has accepted a binding. */
  succeeded(): void {
    this.#inVain.clear();
    this.#router.homeAgents.succeeded();
  }

  /** The home agent in use takes one care-of address only (RFC 5648 §5.7). */
  isLacking(status: number): void {
    this.#shortcoming = status < 128 ? UNUSABLE.identifiersIgnored : status;
  }

  /** The usable uplinks are others than before. */
  hurry(now: number): void {
    this.#router.homeAgents.hurry(now);
    this.farewells.hurry(now);
    this.#discovery?.hurry(now);
  }

  /** The process ends: who has not heard yet that we are gone is told once more. */
  leave(now: Now): void {
    this.farewells.hurry(now.monotonic, 0);
    this.#sayFarewell(now);
  }

  /** An operator wants this one, or (undefined) the most preferred one. */
  want(wanted: Address | undefined, now: number): void {
    const { homeAgents, registrar, config } = this.#router;
    const { current, refused } = homeAgents;
    if (!homeAgents.want(wanted, now)) return;
    if (refused !== undefined) registrar.terms.mode = firstMode(config);
    this.#inVain.clear();
    this.#change(current, 'as an operator wishes', now);
  }

  /** The home address is another node's, says the home agent: no other one will have it (RFC 6275 §11.7.1). */
  duplicate(now: number): void {
    const { entries, homeAgents } = this.#router;
    // One that was left, and does not know it, may be the one that defends the home address, for us.
    if (this.farewells.arePending || entries.some(isRegistered)) return;
    homeAgents.refuse(STATUS.duplicateAddress, now);
    this.#giveUp(STATUS.duplicateAddress);
  }

  /**
   * An authentic acknowledgement of somebody else than the home agent in use. What it asks to be corrected is, for when the
   * farewell is said again (RFC 6275 §11.7.3, RFC 4285 §6); with any other status it is done. Returns why it was not taken.
   */
  acknowledged(homeAgent: Address, message: BindingAcknowledgement, now: Now): string | undefined {
    const { registrar, dialect } = this.#router;
    const { writer } = registrar;
    const said = this.farewells.sequenceTo(homeAgent);
    const { status } = dialect.identifiers.judge(message, { bid: 0 });
    const outOfWindow = status === STATUS.sequenceOutOfWindow;
    if (
      said === undefined ||
      !(outOfWindow ? isNewerSequence(message.sequence, said) : message.sequence === said)
    )
      return 'acknowledgement-unmatched';
    if (outOfWindow) {
      writer.acceptSequence(message.sequence);
      return undefined;
    }
    if (status === STATUS.idMismatch) {
      this.farewells.correctClock(homeAgent, writer.clockError(message, now));
      return undefined;
    }
    this.farewells.cancel(homeAgent);
    const text = formatAddress(homeAgent);
    this.#router.event('notice', 'home-agent-left', `home agent ${text} knows that we have left it`, {
      homeAgent: text,
    });
    return undefined;
  }

  /** Whether an acknowledgement of this home agent, which is not the one in use, is waited for. */
  expects(homeAgent: Address): boolean {
    return this.farewells.isExpected(homeAgent);
  }

  /** An ICMPv6 message. Returns why it was not taken. */
  receive(packet: ReceivedPacket, now: number): string | undefined {
    if (packet.bytes[0] === PARAMETER_PROBLEM) return this.#receiveError(packet);
    const parsed = parseIcmpv6Payload(packet.nextHeader, packet.bytes, packet);
    if (!parsed.ok) return parsed.error.counter;
    const { message } = parsed.value;
    if (message.kind !== 'home-agent-address-discovery-reply' || this.#discovery === undefined) {
      return 'unexpected-message';
    }
    const found = this.#discovery.receive(message, now);
    if (typeof found === 'string') return found;
    const { homeAgents } = this.#router;
    const previous = homeAgents.current;
    const isFirst = homeAgents.offer(found, now);
    const list = found.map(formatAddress);
    this.#router.event('notice', 'home-agents-discovered', `home agents found: ${list.join(', ')}`, {
      homeAgents: list,
    });
    if (isFirst) this.#change(previous, 'found', now);
    return undefined;
  }

  /** Nobody authenticates errors: this one only makes the next attempt come sooner. */
  #receiveError(packet: ReceivedPacket): string | undefined {
    const error = receiveIcmpv6Error(packet);
    const { homeAgents, config, entries, counters } = this.#router;
    if (error?.kind !== 'parameter-problem' || !UNRECOGNIZED.includes(error.code)) return undefined;
    const { source, destination, homeAddress } = error.invoking;
    const isOurs =
      homeAddress !== undefined &&
      equalAddress(homeAddress, config.homeAddress) &&
      homeAgents.current !== undefined &&
      equalAddress(destination, homeAgents.current) &&
      entries.some(entry => isOwnAddress(entry, source));
    if (!isOurs) return undefined;
    counters.add(`parameter-problem-${error.code}`);
    homeAgents.hint();
    return undefined;
  }

  #sayFarewell(now: Now): void {
    const { registrar } = this.#router;
    this.farewells.step((homeAgent, clock) => {
      const updates = registrar.deregistration(homeAgent, now, clock);
      this.#router.send(updates);
      return updates.length === 0 ? undefined : registrar.writer.sequence;
    }, now.monotonic);
  }

  #discover(now: number): void {
    const { homeAgents, entries, config, uplinks } = this.#router;
    const addressOf = (entry: Entry) =>
      entry.place === 'home' ? uplinks.ownAddress(entry) : usableCareOfAddress(entry);
    const usable = entries.filter(entry => addressOf(entry) !== undefined);
    const addresses = usable.map(entry => addressOf(entry)!);
    const request = this.#discovery?.step(homeAgents.exhausted, addresses, now);
    if (request === undefined || this.#discovery === undefined) return;
    const { packet, via } = request;
    this.#router.sendPacket(packet, this.#discovery.anycast, usable[via]!.uplink.device);
    const prefix = config.discovery && formatAddress(config.discovery.address);
    this.#router.event('info', 'home-agent-discovery', `asking for the home agents of ${prefix}`, {
      uplink: usable[via]!.uplink.name,
    });
  }

  /** Another home agent of which nothing bad is known yet may do what this one cannot. */
  #lookElsewhere(status: number, now: number): void {
    const { homeAgents, config } = this.#router;
    const { current, candidates } = homeAgents;
    this.#shortcoming = undefined;
    if (current === undefined) return;
    const isBetter = (one: Address) => !equalAddress(one, current) && homeAgents.failureOf(one) === undefined;
    if (!candidates.some(isBetter)) return;
    this.#fail('refused', status, now);
    // It may have taken the one address.
    this.farewells.leave(current, now + config.lifetime * 1000, 0, now);
  }

  /** A refusal is the home agent's as a whole when no uplink is left that it has accepted. */
  #heedRefusals(now: number): void {
    const { entries, homeAgents } = this.#router;
    const status = entries.find(({ refusal }) => refusal !== undefined)?.refusal?.status;
    if (status === undefined || status === STATUS.duplicateAddress || homeAgents.refused !== undefined)
      return;
    if (entries.some(entry => isRegistered(entry) && entry.refusal === undefined)) return;
    const { candidates, exhausted } = homeAgents;
    if (candidates.length > 1 || !exhausted || homeAgents.isLasting(status)) {
      this.#fail('refused', status, now);
    }
  }

  #fail(reason: HomeAgentFailure, status: number | undefined, now: number): void {
    const { homeAgents } = this.#router;
    const previous = homeAgents.current;
    const why = status === undefined ? 'does not answer' : `refuses: ${statusName(status)}`;
    if (homeAgents.fail(reason, status, now)) {
      this.#change(previous, `${previous && formatAddress(previous)} ${why}`, now);
    } else if (homeAgents.refused !== undefined) {
      this.#tryOtherMode(homeAgents.refused.status, now);
    }
  }

  /** No home agent takes the mobile network (RFC 3963 §5.4). */
  #tryOtherMode(status: number, now: number): void {
    const router = this.#router;
    const { config, homeAgents, registrar } = router;
    const { terms } = registrar;
    const other = OTHER_MODE[terms.mode];
    this.#inVain.set(terms.mode, homeAgents.isRefusedWith(PREFIX_REFUSALS));
    if (config.mode !== 'auto' || this.#inVain.has(other.mode) || !homeAgents.isRefusedWith(other.after)) {
      if ([...this.#inVain.values()].includes(true)) homeAgents.prefixesRefused = true;
      this.#giveUp(status);
      return;
    }
    const text = `no home agent takes the prefixes in ${terms.mode} mode (${statusName(status)}): trying ${other.mode} mode`;
    terms.mode = other.mode;
    homeAgents.resume(now);
    router.beginAnew(now);
    router.event('warning', 'registration-mode', text, { mode: other.mode, status });
  }

  /** RFC 3963 §5.4, RFC 6275 §11.7.1: what is refused is not bound. */
  #giveUp(status: number): void {
    const router = this.#router;
    for (const entry of router.bound) {
      router.forget(entry);
      entry.pending = undefined;
    }
    router.registrar.terms.bootstrapping = true;
    const refused = router.homeAgents.prefixesRefused ? router.config.prefixes.map(formatPrefix) : [];
    const remedy =
      refused.length === 0
        ? 'see kedge status'
        : `advertise ${refused.join(', ')} no longer (proto kedge withdraws it from the LANs)`;
    const text = `no home agent registers us: ${statusName(status)}; ${remedy}`;
    router.event('error', 'registration-refused', text, { status, prefixes: refused });
    router.requestForwarding();
  }

  /** After a long pause, as from nothing. */
  #resume(now: number): void {
    const { homeAgents, registrar, config } = this.#router;
    registrar.terms.mode = firstMode(config);
    this.#inVain.clear();
    homeAgents.resume(now);
    this.#router.beginAnew(now);
  }

  #change(previous: Address | undefined, why: string, now: number): void {
    const router = this.#router;
    const current = router.homeAgents.current!;
    if (previous !== undefined && router.entries.some(mayBeBound)) {
      // The back-off goes on where that of the registrations was.
      const timeout = Math.max(...router.entries.map(entry => nextTimeout(entry.timeout)));
      this.farewells.leave(previous, latestEnd(router, now), timeout, now);
    }
    this.farewells.cancel(current);
    router.beginAnew(now);
    const address = formatAddress(current);
    router.event('notice', 'home-agent-changed', `home agent is ${address}: ${why}`, {
      homeAgent: address,
      previous: previous === undefined ? null : formatAddress(previous),
      reason: why,
    });
  }
}

function isOwnAddress(entry: Entry, address: Address): boolean {
  const careOfAddress = usableCareOfAddress(entry);
  return careOfAddress !== undefined && equalAddress(careOfAddress, address);
}

/** A refusal binds nobody, unless it is one that kedge reads out of an acceptance. */
function mayBeBound({ binding, pending, refusal }: Entry): boolean {
  return binding !== undefined || pending !== undefined || refusal?.status === UNUSABLE.mobileRouterIgnored;
}

/** When the last of the bindings at the home agent ends by itself. */
function latestEnd({ entries, config }: MobileRouter, now: number): number {
  const open = entries.some(({ pending, refusal }) => pending !== undefined || refusal !== undefined);
  const ends = entries.map(({ binding }) => binding?.expiresAt ?? 0);
  return Math.max(...ends, open ? now + config.lifetime * 1000 : 0);
}
