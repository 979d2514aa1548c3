/**
 * The home link of a home agent (RFC 6275 §10.3-10.4): which home addresses are on it, whose must be tested for duplicates
 * before they are served, and which addresses the home agent defends there. The kernel answers neighbour solicitations
 * for these (`forwarding/`); what nobody asked for is said here.
 */
import type { HomeLinkConfig } from '../../../uci/types.ts';
import {
  type Address,
  addressKey,
  equalAddress,
  isUnspecified,
  prefixContains,
} from '../../../wire/address.ts';
import { STATUS } from '../../../wire/binding-status.ts';
import { parseIcmpv6Payload, type ReceivedIcmpv6 } from '../../../wire/icmpv6/icmpv6-packet.ts';
import { findOption } from '../../../wire/mobility-option.ts';
import {
  ALL_NODES,
  emitDuplicateTest,
  emitProxyAdvertisement,
  linkLocalOf,
  solicitedNodeAddress,
} from '../../neighbor-messages.ts';
import type { Outbox } from '../../outbox.ts';
import type { HomeLinkStatus, ReceivedPacket } from '../../types.ts';
import type { HomeAttachment } from '../../view.ts';
import type { BindingUpdate } from '../admission.ts';
import type { BindingCache } from '../binding-cache.ts';
import { hasHomeBinding, type MobileNode } from '../mobile-node.ts';
import { AddressTests } from './address-tests.ts';
import { Advertiser } from './advertiser.ts';
import { type Grant, PrefixList } from './prefix-list.ts';

/** Option code of the Mobility Header Link-Layer Address option (RFC 5568 §6.4.4). */
const OF_MOBILE_NODE = 2;

/** The outcome of a test: what was held back, and whether somebody else has an address of the node. */
export interface Verdict<Held> {
  readonly node: MobileNode;
  readonly held: readonly Held[];
  readonly duplicate: boolean;
}

export class HomeLink<Held> {
  readonly config: HomeLinkConfig;
  readonly #cache: BindingCache;
  readonly #outbox: Outbox;
  readonly #prefixes: PrefixList;
  readonly #tests = new AddressTests<Held>();
  readonly #advertiser = new Advertiser();
  /** Who was the last to be defended under a link-local address. */
  readonly #linkLocals = new Map<string, MobileNode>();
  #status: HomeLinkStatus | undefined;

  constructor(config: HomeLinkConfig, cache: BindingCache, outbox: Outbox) {
    this.config = config;
    this.#cache = cache;
    this.#outbox = outbox;
    this.#prefixes = new PrefixList(config.prefixes);
    for (const node of cache.nodes()) this.#enterLinkLocal(node);
  }

  /** What the kernel shows now. */
  update(status: HomeLinkStatus, now: number): void {
    const before = this.#status;
    this.#status = status;
    if (this.#prefixes.update(status.prefixes)) this.#shorten();
    if (!canSpeak(status) || isSameStation(status, before)) return;
    const defended = [...this.#cache.nodes()].filter(node => this.defended(node).length > 0);
    this.#advertiser.beginAll(defended, now);
  }

  /** False until the kernel has said how the link stands: who is on it cannot be asked yet. */
  get isKnown(): boolean {
    return this.#status !== undefined;
  }

  /** A home address out of the mobile network is on no link (RFC 3963 §4). */
  isOnLink({ peer }: MobileNode): boolean {
    const { homeAddress, prefixes } = peer;
    return (
      this.#prefixes.contains(homeAddress) && !prefixes.some(prefix => prefixContains(prefix, homeAddress))
    );
  }

  /** How long (seconds) the node may be served, of what it asked for, and with which status: an acceptance or 132. */
  grant(node: MobileNode, asked: number, now: number): Grant {
    const { homeAddress, prefixes } = node.peer;
    if (this.isOnLink(node)) {
      const grant = this.#prefixes.grant(homeAddress, asked, now);
      if (grant.lifetime > 0) return grant;
    } else if (prefixes.some(prefix => prefixContains(prefix, homeAddress))) {
      return { lifetime: asked, status: STATUS.accepted };
    }
    return { lifetime: 0, status: STATUS.notHomeSubnet };
  }

  /**
   * Whether the node must wait: its home address, and with the L flag its link-local address, are tested first. What is
   * down cannot be asked, and has nobody on it.
   */
  mustTest(node: MobileNode): boolean {
    return node.bindings.size === 0 && this.isOnLink(node) && this.#status?.linkLayerAddress !== undefined;
  }

  /**
   * Holds something back until the test of the node's addresses has ended. False: there is no need to test, another node
   * has the link-local address.
   * @param key replaces what was held back with the same one
   */
  hold(node: MobileNode, linkLocal: boolean, key: string, held: Held, now: number): boolean {
    const addresses = addressesOf(node, linkLocal);
    if (addresses.some(address => this.#isTaken(address, node))) return false;
    for (const address of this.#tests.hold(node, addresses, key, held, now)) {
      this.#outbox.send(emitDuplicateTest(address), solicitedNodeAddress(address), this.config.device);
    }
    return true;
  }

  /** The node does not want to be served any more. */
  release(node: MobileNode): void {
    this.#tests.end(node);
  }

  /** A neighbour solicitation or advertisement: it may show that an address under test is in use. */
  receive({
    source,
    destination,
    hopLimit,
    bytes,
    nextHeader,
    device,
  }: ReceivedPacket): Verdict<Held> | undefined {
    if (device !== this.config.device) return undefined;
    const parsed = parseIcmpv6Payload(nextHeader, bytes, { source, destination, hopLimit });
    const target = parsed.ok ? claimedBy(parsed.value) : undefined;
    const node = target && this.#tests.owner(target);
    return node && { node, held: this.#tests.end(node), duplicate: true };
  }

  /** Says what is due, and gives a test that has ended. */
  step(now: number): Verdict<Held> | undefined {
    this.#advertiseDue(now);
    const node = this.#tests.takeDue(now);
    return node && { node, held: this.#tests.end(node), duplicate: false };
  }

  nextWake(): number {
    return Math.min(this.#advertiser.nextWake(), this.#tests.nextWake());
  }

  /** The bindings of the node changed; `before` is what was {@link defended} until then. */
  changed(node: MobileNode, before: readonly Address[], now: number): void {
    const defended = this.defended(node);
    this.#enterLinkLocal(node);
    if (defended.length === 0) this.#advertiser.end(node);
    else if (defended.some(address => !before.some(other => equalAddress(address, other)))) {
      this.#advertiser.begin(node, now);
      this.#advertiseDue(now);
    }
  }

  /** What a binding with the H flag is answered with, if nothing else is wrong with it (RFC 5648 §6.3). */
  homeBindingStatus(node: MobileNode, message: BindingUpdate): number {
    const { homeBinding } = this.config;
    if (homeBinding === 'none' || !this.isOnLink(node)) return STATUS.simultaneousHomeProhibited;
    if (homeBinding === 'direct') return STATUS.accepted;
    // The node must not answer when it is asked where it is.
    const place = this.linkLayerAddress(message) ?? node.linkLayerAddress;
    return place === undefined ? STATUS.unspecified : STATUS.returnHomeWithoutNeighborDiscovery;
  }

  /** Where a node says that it is on the link. */
  linkLayerAddress({ options }: BindingUpdate): Uint8Array | undefined {
    const option = findOption(options, 'mh-link-layer-address');
    const fits = option?.address.length === this.#status?.linkLayerAddress?.length;
    return option?.code === OF_MOBILE_NODE && fits ? option.address : undefined;
  }

  /** Addresses that the home agent defends for the node. */
  defended(node: MobileNode): readonly Address[] {
    if (node.bindings.size === 0 || !this.isOnLink(node)) return [];
    const itself = this.config.homeBinding === 'direct' && hasHomeBinding(node);
    return itself ? [] : addressesOf(node, node.linkLocal);
  }

  /** What the forwarding state depends on; undefined for a home address that is not on the link. */
  attachment(node: MobileNode): HomeAttachment | undefined {
    if (!this.isOnLink(node)) return undefined;
    const { present, mobileRouter, linkLayerAddress } = node;
    const { device } = this.config;
    return { device, defended: this.defended(node), router: mobileRouter, present, linkLayerAddress };
  }

  #advertiseDue(now: number): void {
    for (let due = this.#advertiser.takeDue(now); due !== undefined; due = this.#advertiser.takeDue(now)) {
      this.#advertise(due);
    }
  }

  #advertise(node: MobileNode): void {
    const { linkLayerAddress, linkLocalAddress: source } = this.#status ?? {};
    if (linkLayerAddress === undefined || source === undefined) return;
    for (const target of this.defended(node)) {
      const fields = { source, linkLayerAddress, target, router: node.mobileRouter };
      this.#outbox.send(emitProxyAdvertisement(fields), ALL_NODES, this.config.device);
    }
  }

  #isTaken(address: Address, node: MobileNode): boolean {
    const own = this.#status?.linkLocalAddress;
    if (own !== undefined && equalAddress(own, address)) return true;
    const tester = this.#tests.owner(address);
    const holder = this.#linkLocals.get(addressKey(address));
    const isHeld = holder !== undefined && holder !== node && this.defended(holder).length > 1;
    return isHeld || (tester !== undefined && tester !== node);
  }

  #enterLinkLocal(node: MobileNode): void {
    if (!node.linkLocal || node.bindings.size === 0) return;
    this.#linkLocals.set(addressKey(linkLocalOf(node.peer.homeAddress)), node);
  }

  /** A binding goes with its prefix (RFC 6275 §10.3.1). */
  #shorten(): void {
    for (const node of this.#cache.nodes()) {
      if (node.bindings.size === 0 || !this.isOnLink(node)) continue;
      const end = this.#prefixes.validUntil(node.peer.homeAddress);
      for (const binding of node.bindings.values()) {
        if (binding.expiresAt <= end) continue;
        binding.expiresAt = end;
        this.#cache.schedule(binding);
      }
      this.#cache.save(node);
    }
  }
}

const canSpeak = (status: HomeLinkStatus): boolean =>
  status.linkLayerAddress !== undefined && status.linkLocalAddress !== undefined;

function isSameStation(a: HomeLinkStatus, b: HomeLinkStatus | undefined): boolean {
  return (
    equalOctets(a.linkLayerAddress, b?.linkLayerAddress) &&
    equalOctets(a.linkLocalAddress, b?.linkLocalAddress)
  );
}

function addressesOf({ peer }: MobileNode, linkLocal: boolean): Address[] {
  return linkLocal ? [peer.homeAddress, linkLocalOf(peer.homeAddress)] : [peer.homeAddress];
}

/** The address that the sender has, or would like to have (RFC 4862 §5.4.3-5.4.4). */
function claimedBy({ message, source }: ReceivedIcmpv6): Address | undefined {
  if (message.kind === 'neighbor-advertisement') return message.target;
  return message.kind === 'neighbor-solicitation' && isUnspecified(source) ? message.target : undefined;
}

export function equalOctets(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((octet, at) => octet === b[at]);
}
