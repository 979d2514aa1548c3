/** What a mobile router makes of the packets that reach it: who may say what, and whom that concerns. */
import { type Address, equalAddress } from '../../wire/address.ts';
import { STATUS } from '../../wire/binding-status.ts';
import { encapsulate } from '../../wire/encapsulation.ts';
import { NextHeader } from '../../wire/ipv6.ts';
import type { BindingError, BindingRefreshRequest } from '../../wire/mobility-message.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import type { SecurityAssociation } from '../authentication.ts';
import { emitUnrecognizedType, UNKNOWN_BINDING, UNRECOGNIZED_MH_TYPE } from '../binding-error.ts';
import { ECHO_REPLY } from '../echo.ts';
import type { Outbox } from '../outbox.ts';
import { RateLimit } from '../rate-limit.ts';
import { enclosesIcmpv6, receive } from '../receive.ts';
import type { Now, ReceivedPacket } from '../types.ts';
import { answerAcknowledgement, fallBack } from './acknowledge.ts';
import type { BindingAcknowledgement } from './acknowledgement.ts';
import { type Entry, usableCareOfAddress } from './binding-update-list.ts';
import { NEIGHBOR_ADVERTISEMENT } from './home/home-link.ts';
import type { MobileRouter } from './mobile-router.ts';

/** Nobody authenticates Binding Refresh Requests and Binding Errors: one update in this many milliseconds. */
const REFRESH_REQUEST_INTERVAL = 3000;

type Ends = Pick<ReceivedPacket, 'source' | 'destination'>;

export class Reception {
  readonly #router: MobileRouter;
  readonly #association: SecurityAssociation | undefined;
  readonly #outbox: Outbox;
  readonly #errors = new RateLimit(1, 5);
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(router: MobileRouter, association: SecurityAssociation | undefined, outbox: Outbox) {
    this.#router = router;
    this.#association = association;
    this.#outbox = outbox;
  }

  receive(packet: ReceivedPacket, now: Now): void {
    const reason = this.#take(packet, now);
    if (reason !== undefined) this.#outbox.drop(reason, packet, now.monotonic);
  }

  /** Returns why the packet was not taken. */
  #take(packet: ReceivedPacket, now: Now): string | undefined {
    const router = this.#router;
    if (packet.nextHeader === NextHeader.icmpv6) {
      if (router.routeOptimization?.receiveIcmpv6(packet, now.monotonic)) return undefined;
      if (packet.bytes[0] === ECHO_REPLY) {
        this.#receiveEcho(packet, now.monotonic);
        return undefined;
      }
      if (packet.bytes[0] === NEIGHBOR_ADVERTISEMENT) {
        router.home.receive(packet, now);
        return undefined;
      }
      return router.failover.receive(packet, now.monotonic);
    }
    if (enclosesIcmpv6(packet)) {
      const { prefixDiscovery } = router;
      return prefixDiscovery ? prefixDiscovery.receive(router, packet, now.monotonic) : 'unexpected-message';
    }
    const reception = receive(packet, router.dialect.codec);
    if (reception.kind === 'ignored') return undefined;
    if (reception.kind === 'message') return this.#dispatch(reception.received, packet, now);
    if (reception.answer !== undefined) this.#answer(reception.answer, packet, now.monotonic);
    return reception.reason;
  }

  /** Most of them are for others. */
  #receiveEcho({ source, destination, bytes }: ReceivedPacket, now: number): void {
    const { homeAgents, addresses, watch } = this.#router;
    const { current } = homeAgents;
    if (current === undefined || !equalAddress(source, current)) return;
    if (!addresses.some(own => equalAddress(own, destination))) return;
    if (watch.receiveEcho(bytes, now)) this.#router.noteForRecords();
  }

  #dispatch(received: ReceivedMobility, packet: ReceivedPacket, now: Now): string | undefined {
    const { homeAgents, failover, routeOptimization, watch } = this.#router;
    const { current } = homeAgents;
    const { message, source } = received;
    if (message.kind === 'opaque') {
      this.#answer(emitUnrecognizedType(received, this.#router.dialect), received, now.monotonic);
      return 'unrecognized-mh-type';
    }
    if (current === undefined || !equalAddress(source, current)) {
      const isFarewell = message.kind === 'binding-acknowledgement' && failover.expects(source);
      if (isFarewell) return this.#receiveAcknowledgement(received, message, now);
      return routeOptimization === undefined
        ? 'not-from-home-agent'
        : routeOptimization.receive(received, packet.device, now.monotonic);
    }
    switch (message.kind) {
      case 'binding-acknowledgement':
        return this.#receiveAcknowledgement(received, message, now);
      case 'heartbeat':
        return watch.receive(received, message, now.monotonic);
      case 'binding-refresh-request':
        return this.#receiveRefreshRequest(message, now.monotonic);
      case 'binding-error':
        return this.#receiveBindingError(message, now.monotonic);
      default:
        return 'unexpected-message';
    }
  }

  #receiveAcknowledgement(
    received: ReceivedMobility,
    message: BindingAcknowledgement,
    now: Now,
  ): string | undefined {
    const router = this.#router;
    const { homeAddress } = router.config;
    // RFC 6275 §6.1.8: with the home address in a type 2 routing header, unless the node is at home.
    const home = received.routingHome ?? (router.home.entry && received.destination);
    if (home === undefined || !equalAddress(home, homeAddress)) {
      return 'acknowledgement-without-home-address';
    }
    if (this.#association !== undefined) {
      const verdict = this.#association.verify(received, [received.destination], homeAddress);
      if (verdict !== 'authentic') return `acknowledgement-${verdict}`;
    }
    const { current } = router.homeAgents;
    return current !== undefined && equalAddress(received.source, current)
      ? answerAcknowledgement(router, message, now)
      : router.failover.acknowledged(received.source, message, now);
  }

  /** RFC 6275 §11.3.6: a home agent that does not know the binding is told again. */
  #receiveBindingError({ status, homeAddress, options }: BindingError, now: number): string | undefined {
    const router = this.#router;
    router.counters.add(`binding-error-${status}`);
    if (status === UNRECOGNIZED_MH_TYPE) router.watch.refused(now);
    if (!equalAddress(homeAddress, router.config.homeAddress)) return undefined;
    if (status === UNRECOGNIZED_MH_TYPE) {
      // Nobody signs it: it counts where nothing is signed, while nothing else is known of the home agent
      // (draft-ietf-monami6-multiplecoa-00 §5.9).
      const isTried = router.bound.some(({ pending }) => pending !== undefined && pending.bid !== 0);
      const isProven = router.bound.some(({ binding }) => binding !== undefined);
      if (this.#association === undefined && isTried && !isProven)
        fallBack(router, 'single-binding', STATUS.unspecified);
      return undefined;
    }
    if (status !== UNKNOWN_BINDING) return undefined;
    return this.#receiveRefreshRequest({ kind: 'binding-refresh-request', options }, now);
  }

  #receiveRefreshRequest(message: BindingRefreshRequest, now: number): string | undefined {
    if (now - this.#refreshedAt < REFRESH_REQUEST_INTERVAL) return 'refresh-request-too-soon';
    const { dialect, entries, registrar } = this.#router;
    const bids = dialect.identifiers.read(message.options).map(({ bid }) => bid);
    const asked = entries.filter(
      entry => entry.binding && (bids.length === 0 || bids.includes(registrar.goals.boundBid(entry))),
    );
    if (asked.length === 0) return 'refresh-request-unknown-binding';
    this.#refreshedAt = now;
    for (const entry of asked) entry.binding!.refreshAt = now;
    return undefined;
  }

  /** By the uplink of the care-of address that it came to; what came to the home address is answered through the tunnel. */
  #answer(answer: Uint8Array, { source, destination }: Ends, now: number): void {
    const { active, config, entries, homeAgents } = this.#router;
    const isHome = equalAddress(destination, config.homeAddress);
    const via = isHome ? active.entry : entries.find(entry => isAt(entry, destination));
    const careOfAddress = via && usableCareOfAddress(via);
    const { current } = homeAgents;
    if (via === undefined || careOfAddress === undefined || !this.#errors.allow(now)) return;
    const { device } = via.uplink;
    if (!isHome || via.place === 'home') this.#outbox.send(answer, source, device);
    else if (current) this.#outbox.send(encapsulate(careOfAddress, current, answer), current, device);
  }
}

function isAt(entry: Entry, address: Address): boolean {
  const careOfAddress = usableCareOfAddress(entry);
  return careOfAddress !== undefined && equalAddress(careOfAddress, address);
}
