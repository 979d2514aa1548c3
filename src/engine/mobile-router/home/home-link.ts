/**
 * A mobile node on its home link (RFC 6275 §11.5.5, RFC 3963 §5.8, RFC 5648 §5.5-5.6): which uplink is there, and how the
 * bindings are removed before its packets take that link. Times are monotonic, milliseconds.
 *
 * `away` until an uplink has the home prefix on its link; `asking` for the home agent's link-layer address; `telling` the
 * home agent, with the tunnels still in use; `home` when it has agreed. With a home binding beside others (`at_home
 * 'both'`) the registrar does the telling, and the stage stays `away`.
 */
import type { AtHome } from '../../../uci/types.ts';
import {
  type Address,
  equalAddress,
  equalPrefix,
  type Prefix,
  prefixContains,
} from '../../../wire/address.ts';
import { STATUS } from '../../../wire/binding-status.ts';
import { parseIcmpv6Payload } from '../../../wire/icmpv6/icmpv6-packet.ts';
import { emitDuplicateTest, solicitedNodeAddress } from '../../neighbor-messages.ts';
import type { Now, ReceivedPacket, UplinkStatus } from '../../types.ts';
import type { RouterHome } from '../../view.ts';
import { statusName } from '../acknowledgement.ts';
import { type Entry, isRegistered } from '../binding-update-list.ts';
import type { MobileRouter } from '../mobile-router.ts';
import { Announcement, RETRANS_TIMER } from './announcement.ts';

/** After a refusal, milliseconds. */
const REFUSAL_PAUSE = 30_000;
/** Unanswered messages after which the bindings are cared for again: who advertises the prefix need not be the home agent. */
const PATIENCE = 3;
/** Type of an ICMPv6 message. */
export const NEIGHBOR_ADVERTISEMENT = 136;

export class HomeLink {
  readonly prefix: Prefix | undefined;
  stage: 'away' | 'asking' | 'telling' | 'home' = 'away';
  /** The uplink that stands for the node on the home link. */
  entry: Entry | undefined;
  /** Name of the uplink that was at home when the process ended. */
  adopted: string | undefined;

  readonly #router: MobileRouter;
  /** The home agent takes no home binding beside others. */
  #prohibited = false;
  #deadline = Number.POSITIVE_INFINITY;
  #attempts = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  /** Nobody can have the home address: it is tested like any other. */
  #tested = false;
  #agentLinkLayerAddress: Uint8Array | undefined;
  /** The uplink that answers for the home address beside other bindings. */
  #answering: Entry | undefined;
  readonly #announcement: Announcement;

  constructor(router: MobileRouter) {
    this.#router = router;
    this.#announcement = new Announcement(router);
    const { homePrefix, homeAddress } = router.config;
    // A home address out of the mobile network is on no link (RFC 3963 §4).
    this.prefix = homePrefix && prefixContains(homePrefix, homeAddress) ? homePrefix : undefined;
  }

  get icmpv6Types(): readonly number[] {
    const mayReturn = this.prefix !== undefined && this.#router.config.atHome !== 'stay-away';
    return mayReturn ? [NEIGHBOR_ADVERTISEMENT] : [];
  }

  /** What is done now; correspondents do not matter here. */
  get mode(): Exclude<AtHome, 'direct'> {
    const { atHome = 'return' } = this.#router.config;
    if (atHome === 'direct') return 'return';
    const { registrar, dialect } = this.#router;
    // The draft has nothing like the H flag of RFC 5648.
    const isPossible = !this.#prohibited && registrar.terms.multiple && !dialect.identifiers.draft;
    return atHome === 'both' && !isPossible ? 'return' : atHome;
  }

  /** Registrations wait: the home agent is to hold no binding. */
  get holdsBindings(): boolean {
    return (
      this.stage === 'asking' || this.stage === 'home' || (this.stage === 'telling' && !this.#isUnanswered)
    );
  }

  /** The uplink whose link takes the packets as they are, because there are no bindings. */
  get carrier(): Entry | undefined {
    return this.stage === 'home' ? this.entry : undefined;
  }

  /** The home prefix is on the link of the uplink. */
  isAtHome(status: UplinkStatus | undefined): boolean {
    const { prefix } = this;
    if (prefix === undefined || status === undefined || !status.carrier) return false;
    return status.onLinkPrefixes?.some(onLink => equalPrefix(onLink, prefix)) === true;
  }

  /**
   * Decides which uplink stands for the node on the home link: the one that does, else that with the lowest priority
   * value. To be called before {@link placed}.
   */
  choose(statuses: readonly UplinkStatus[]): void {
    const there = this.#router.entries.filter(({ uplink }) =>
      this.isAtHome(statuses.find(({ name }) => name === uplink.name)),
    );
    const best = [...there].sort((a, b) => a.uplink.priority - b.uplink.priority)[0];
    const chosen =
      this.mode === 'stay-away' ? undefined : (there.find(entry => entry === this.entry) ?? best);
    const before = this.entry;
    this.entry = chosen;
    for (const entry of this.#router.entries) {
      entry.place = entry === chosen ? 'home' : there.includes(entry) ? 'unused' : 'foreign';
    }
    // What was so before the restart counts if it is so at once.
    if (this.mode !== 'return' || chosen?.uplink.name !== this.adopted) this.adopted = undefined;
    if (before === undefined || before === chosen) return;
    if (this.mode === 'both') this.#leaveBinding(before);
    else if (chosen !== undefined) this.#change();
  }

  /** What the rest of the router sees of an uplink: at home it has no care-of address but the home address. */
  placed(entry: Entry, status: UplinkStatus | undefined): UplinkStatus | undefined {
    if (status === undefined || entry.place === 'foreign') return status;
    const careOfAddress =
      entry.place === 'home' && this.mode === 'both' ? this.#router.config.homeAddress : undefined;
    return { ...status, careOfAddress, gateway: status.gateway ?? this.#neighboringAgent };
  }

  /** A home binding beside others is refused. */
  prohibit(): void {
    this.#prohibited = true;
    this.#router.uplinks.reconsider();
  }

  /** The home agent does not agree that there is no binding. */
  refused(status: number, now: number): void {
    this.#retryAt = now + REFUSAL_PAUSE;
    this.#attempts = PATIENCE + 1;
    const text = `the home agent refuses that we return home: ${statusName(status)}`;
    this.#router.event('error', 'return-refused', text, { status });
  }

  step(now: Now): void {
    if (this.mode === 'both') this.#noteAnswering(now.monotonic);
    this.#announcement.step(this.entry, now.monotonic);
    if (this.mode === 'return') this.#return(now);
  }

  /** The steps to having no binding at all, and back. */
  #return(now: Now): void {
    if (this.entry === undefined) {
      if (this.stage !== 'away') this.#leave(now.monotonic);
      return;
    }
    if (this.stage === 'away') this.#arrive(now);
    if (this.stage === 'asking' && this.#deadline <= now.monotonic) this.#tell(now);
    else if (this.stage === 'telling' && this.#dueAt() <= now.monotonic) this.#tell(now);
  }

  /** The home agent has left it to this uplink to answer for the home address: its neighbours must hear of it. */
  #noteAnswering(now: number): void {
    const { entry } = this;
    const answering = entry !== undefined && this.#answersItself(entry) ? entry : undefined;
    if (answering === this.#answering) return;
    this.#answering = answering;
    if (answering === undefined) this.#announcement.end();
    else this.#announcement.begin(now);
  }

  nextWake(): number {
    if (this.stage === 'asking') return this.#deadline;
    return Math.min(
      this.#announcement.nextWake(),
      this.stage === 'telling' ? this.#dueAt() : Number.POSITIVE_INFINITY,
    );
  }

  /** Takes a Neighbor Advertisement: the home agent's answer, for the home address that it defends. */
  receive({ source, destination, hopLimit, bytes, nextHeader, device }: ReceivedPacket, now: Now): void {
    if (this.stage !== 'asking' || device !== this.entry?.uplink.device) return;
    const parsed = parseIcmpv6Payload(nextHeader, bytes, { source, destination, hopLimit });
    if (!parsed.ok || parsed.value.message.kind !== 'neighbor-advertisement') return;
    const { target, options } = parsed.value.message;
    const option = options.find(({ kind }) => kind === 'target-link-layer-address');
    if (!equalAddress(target, this.#router.config.homeAddress)) return;
    if (option?.kind !== 'target-link-layer-address') return;
    this.#agentLinkLayerAddress = option.address;
    this.#tell(now);
  }

  /** The home agent holds no binding any more. */
  returned(now: number): void {
    const router = this.#router;
    for (const entry of router.entries) {
      router.forget(entry);
      entry.pending = undefined;
    }
    router.registrar.terms.bootstrapping = false;
    this.#announcement.begin(now);
    this.#settleAtHome();
  }

  view(): RouterHome | undefined {
    const { entry, prefix } = this;
    if (entry?.status === undefined || prefix === undefined) return undefined;
    const { uplink, status } = entry;
    return {
      uplink: uplink.name,
      prefix,
      // From the Binding Update on, as the home agent may ask (RFC 6275 §11.5.5); with a home binding from the answer on, if
      // the home agent leaves it to the node (RFC 5648 §5.6.3-5.6.4).
      address: this.#answersItself(entry) ? (this.#tested ? 'tested' : 'taken') : 'absent',
      path: {
        uplink: uplink.name,
        device: uplink.device,
        ifindex: status.ifindex,
        bid: uplink.bid,
        gateway: status.gateway,
        careOfAddress: this.#router.config.homeAddress,
        mtu: status.mtu,
        registered: false,
      },
      agentLinkLayerAddress: this.stage === 'telling' ? this.#agentLinkLayerAddress : undefined,
    };
  }

  /** The home agent, if it is a neighbour on the home link: it is a router there. */
  get #neighboringAgent(): Address | undefined {
    const { current } = this.#router.homeAgents;
    return current !== undefined && prefixContains(this.prefix!, current) ? current : undefined;
  }

  #answersItself(entry: Entry): boolean {
    if (this.mode === 'both') {
      return isRegistered(entry) && entry.binding?.status !== STATUS.returnHomeWithoutNeighborDiscovery;
    }
    return this.stage === 'telling' || this.stage === 'home';
  }

  get #isUnanswered(): boolean {
    return this.#attempts > PATIENCE;
  }

  #dueAt(): number {
    const { pending, retransmitAt, rate } = this.entry!;
    const due = pending === undefined ? Number.NEGATIVE_INFINITY : retransmitAt;
    return Math.max(due, this.#retryAt, rate.allowedAt('deregister'), this.#router.homeAgents.holdUntil);
  }

  #arrive(now: Now): void {
    const { entries, registrar, homeAgents } = this.#router;
    this.#attempts = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    this.#tested = false;
    const wasHome = this.adopted === this.entry!.uplink.name;
    this.adopted = undefined;
    if (wasHome) {
      this.#settleAtHome();
    } else if (
      homeAgents.refused !== undefined ||
      (!registrar.terms.bootstrapping && !entries.some(entry => entry.maybeBound))
    ) {
      // RFC 6275 §11.5.5: all bindings have ended, or there never were any: nobody defends the address for the node.
      this.#tested = true;
      this.#settleAtHome();
    } else {
      this.#ask(now.monotonic);
    }
  }

  /** RFC 6275 §11.5.5: from the unspecified address, for the home address. */
  #ask(now: number): void {
    const { homeAddress } = this.#router.config;
    const { device } = this.entry!.uplink;
    this.stage = 'asking';
    this.#agentLinkLayerAddress = undefined;
    this.#deadline = now + RETRANS_TIMER;
    this.#router.sendPacket(emitDuplicateTest(homeAddress), solicitedNodeAddress(homeAddress), device);
  }

  #tell(now: Now): void {
    const entry = this.entry!;
    if (this.#router.homeAgents.current === undefined) {
      this.#deadline = now.monotonic + RETRANS_TIMER;
      return;
    }
    this.stage = 'telling';
    this.#attempts += 1;
    this.#router.requestForwarding();
    this.#router.send(this.#router.registrar.returnHome(entry, now));
  }

  #settleAtHome(): void {
    this.stage = 'home';
    const { name } = this.entry!.uplink;
    this.#router.event('notice', 'returned-home', `at home, over ${name}`, { uplink: name });
    this.#router.requestForwarding();
  }

  /** Another uplink stands for the node: the neighbours must hear of it, or the home agent is told over that one. */
  #change(): void {
    if (this.stage === 'home') {
      this.#announcement.begin(Number.NEGATIVE_INFINITY);
    } else {
      this.stage = 'away';
      for (const entry of this.#router.entries) if (entry.pending?.returning) entry.pending = undefined;
    }
  }

  /** The others are registered as from nothing: by the home agent's word, there is nothing. */
  #leave(now: number): void {
    const wasTold = this.stage === 'telling';
    this.stage = 'away';
    this.#announcement.end();
    for (const entry of this.#router.entries) {
      if (entry.pending?.returning) entry.pending = undefined;
      entry.refusal = undefined;
      entry.retransmitAt = now;
      // Nobody knows whether the home agent has heard of it.
      if (wasTold && entry.binding !== undefined) entry.binding.refreshAt = now;
    }
    if (wasTold) this.#router.registrar.terms.bootstrapping = true;
    this.#router.event('notice', 'left-home', 'no uplink is on the home link any more', {});
    this.#router.requestForwarding();
  }

  /** RFC 5648 §5.6.5: at once a registration without the H flag, which ends the home binding. */
  #leaveBinding(entry: Entry): void {
    this.#router.forget(entry);
    entry.pending = undefined;
    for (const other of this.#router.entries) {
      if (other.binding !== undefined) other.binding.refreshAt = Number.NEGATIVE_INFINITY;
    }
  }
}
