/**
 * Carries admitted Binding Updates out (RFC 6275 §10.3, RFC 3963 §6.2, RFC 5648 §6.2-6.3): on the Binding Cache, on the home
 * link, and in the acknowledgement.
 */
import type { HomeAgentConfig } from '../../uci/types.ts';
import { STATUS } from '../../wire/binding-status.ts';
import type { ReceivedMobility } from '../../wire/mobility-packet.ts';
import { speaksOfCopies } from '../copies.ts';
import type { Outbox } from '../outbox.ts';
import type { Now } from '../types.ts';
import type { BindingUpdate } from './admission.ts';
import { type AcknowledgementFields, emitAcknowledgement } from './answers.ts';
import type { BindingCache } from './binding-cache.ts';
import { updateNodeFlows } from './flow-bindings/flow-update.ts';
import { equalOctets, type HomeLink } from './home-link/home-link.ts';
import type { Grant } from './home-link/prefix-list.ts';
import { hasHomeBinding, type MobileNode } from './mobile-node.ts';
import { type BindingRequest, type Plan, planRegistration } from './registration.ts';

/** An admitted Binding Update. */
export interface Update {
  readonly received: ReceivedMobility;
  readonly message: BindingUpdate;
  /** It came from the home address itself, over the home link. */
  readonly atHome: boolean;
}

export class Registrations {
  readonly #config: HomeAgentConfig;
  readonly #cache: BindingCache;
  readonly #homeLink: HomeLink<Update> | undefined;
  readonly #outbox: Outbox;
  /** Copies may be agreed upon: the kernel can take them. */
  #copies = true;

  constructor(
    config: HomeAgentConfig,
    cache: BindingCache,
    homeLink: HomeLink<Update> | undefined,
    outbox: Outbox,
  ) {
    this.#config = config;
    this.#cache = cache;
    this.#homeLink = homeLink;
    this.#outbox = outbox;
  }

  /** Nor any longer with those who believe so: their next acknowledgement says it. */
  disagreeOnCopies(): void {
    this.#copies = false;
    for (const node of this.#cache.nodes()) {
      if (!node.copies) continue;
      this.#cache.serve(node, node.mobileRouter, node.prefixes, false);
      this.#cache.save(node);
    }
  }

  /** What the update asks for, and whether the node may have it, on its home link too. */
  plan({ received, message }: Update, node: MobileNode, now: number): Plan {
    const plan = planRegistration(received, message, node, this.#homeLink?.homeBindingStatus(node, message));
    if (plan.kind !== 'register') return plan;
    const { status } = this.#grant(node, message, now);
    return status < 128 ? plan : { kind: 'refuse', status };
  }

  #grant(node: MobileNode, { lifetime }: BindingUpdate, now: number): Grant {
    const asked = Math.min(lifetime, this.#config.maxLifetime);
    return this.#homeLink?.grant(node, asked, now) ?? { lifetime: asked, status: STATUS.accepted };
  }

  /** The forwarding state changes first, and the acknowledgement leaves last. */
  settle(update: Update, node: MobileNode, plan: Plan, now: Now): void {
    const defended = this.#homeLink?.defended(node) ?? [];
    const isNew = node.bindings.size === 0;
    const result = this.#carryOut(plan, update.message, node, now.monotonic);
    const fields = { ...result, flows: this.#settleFlows(plan, result.status, update.message, node) };
    this.#note(update, node, plan, isNew);
    this.#cache.rechoose(node);
    this.#homeLink?.changed(node, defended, now.monotonic);
    this.acknowledge(update, node, fields, now);
    this.#cache.save(node);
  }

  /** RFC 6089 §5.2.5: what ends all bindings ends all flow bindings. */
  #settleFlows(plan: Plan, status: number, { options }: BindingUpdate, node: MobileNode) {
    if (status >= 128) return [];
    if (plan.kind !== 'remove' || plan.bids !== 'all') {
      return updateNodeFlows(node, options, this.#cache, this.#outbox);
    }
    node.flows = undefined;
    return [];
  }

  /** To the node on the home link if the update came from there, otherwise wherever it came from. */
  acknowledge(
    { received, message, atHome }: Update,
    node: MobileNode,
    fields: AcknowledgementFields,
    now: Now,
  ): void {
    const packet = emitAcknowledgement(received, message, node, fields, now);
    const { source } = received;
    const device = this.#homeLink?.config.device;
    if (atHome && device !== undefined) this.#outbox.sendOnLink(packet, source, device);
    else this.#outbox.send(packet, source);
  }

  /** What the update says about the node's place on the home link. */
  #note({ message, atHome }: Update, node: MobileNode, plan: Plan, isNew: boolean): void {
    const isGone = message.lifetime === 0 && node.bindings.size === 0;
    if (plan.kind === 'refuse' && !isGone) return;
    const staysHome = hasHomeBinding(node);
    const { present, linkLayerAddress, linkLocal } = node;
    node.present = isGone ? atHome : staysHome;
    node.linkLayerAddress = staysHome
      ? (this.#homeLink?.linkLayerAddress(message) ?? node.linkLayerAddress)
      : undefined;
    // What has not been tested when serving began is not defended.
    if (isNew) node.linkLocal = message.linkLocalCompatibility === true;
    if (present !== node.present) {
      const name = node.present ? 'node-at-home' : 'node-away';
      this.#cache.tell('notice', name, node, `${node.present ? 'is on' : 'has left'} the home link`, {});
    }
    const isMoved =
      present !== node.present ||
      linkLocal !== node.linkLocal ||
      !equalOctets(linkLayerAddress, node.linkLayerAddress);
    if (isMoved) this.#outbox.forwarding(node.peer.homeAddress);
  }

  /** Changes the bindings and returns what the acknowledgement has to say. */
  #carryOut(plan: Plan, message: BindingUpdate, node: MobileNode, now: number): AcknowledgementFields {
    switch (plan.kind) {
      case 'refuse': {
        const { status } = plan;
        this.#outbox.counters.add(`refused-${status}`);
        // What is not there to be removed harms nobody.
        const level = status === STATUS.notHomeAgent ? 'info' : 'warning';
        this.#cache.tell(level, 'binding-refused', node, `refused with status ${status}`, { status });
        return { status, lifetime: 0, requests: [] };
      }
      case 'remove': {
        const bids = plan.bids === 'all' ? [...node.bindings.keys()] : plan.bids;
        for (const bid of bids) this.#cache.remove(node, bid, 'left');
        return { status: STATUS.accepted, lifetime: 0, requests: [] };
      }
      case 'register':
        return this.#register(plan, message, node, now);
    }
  }

  #register(
    plan: Extract<Plan, { kind: 'register' }>,
    message: BindingUpdate,
    node: MobileNode,
    now: number,
  ): AcknowledgementFields {
    const overall = overallStatus(plan.requests);
    // RFC 5648 §6.3: that the node must not answer for its home address is said in the option as well.
    const isSaidTwice =
      plan.requests.length > 1 ||
      overall === STATUS.returnHomeWithoutNeighborDiscovery ||
      node.dialect.identifiers.draft;
    const requests = isSaidTwice ? plan.requests : [];
    for (const bid of plan.removals) this.#cache.remove(node, bid, 'left');
    const accepted = plan.requests.filter(request => request.status < 128);
    if (accepted.length === 0) return { status: overall, lifetime: 0, requests };
    const { lifetime, status } = this.#grant(node, message, now);
    const replacedRegular = node.bindings.has(0) && !accepted.some(({ bid }) => bid === 0);
    for (const { bid, home } of [...node.bindings.values()]) {
      const again = accepted.some(request => request.bid === bid);
      // RFC 5648 §5.6.5: without the H flag the node has left its home link.
      const left = home && !accepted.some(request => request.home);
      if (!again && (plan.replace || left)) this.#cache.remove(node, bid, left ? 'left' : 'replaced');
    }
    for (const request of accepted) this.#cache.register(node, request, lifetime, now);
    const copies = this.#copies && speaksOfCopies(message.options, node.peer.homeAddress);
    this.#cache.serve(node, message.mobileRouter === true, plan.prefixes, copies);
    return { status: overall === STATUS.accepted ? status : overall, lifetime, requests, replacedRegular };
  }
}

/** Somebody else has an address of the node. */
export const DUPLICATE: Plan = { kind: 'refuse', status: STATUS.duplicateAddress };

/** The node is on its home link, and may be. */
export const isAcceptedHome = ({ home, status }: BindingRequest): boolean => home && status < 128;

/** RFC 5648 §6.2: the message's own status, unless the bindings of a bulk registration differ. */
function overallStatus(requests: readonly BindingRequest[]): number {
  if (requests.length === 1) return requests[0]!.status;
  return requests.every(request => request.status === 0) ? STATUS.accepted : STATUS.notComplete;
}
