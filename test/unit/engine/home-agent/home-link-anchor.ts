/** A home agent on a real home link, and what others say there. */
import { emitDuplicateTest, linkLocalOf } from '../../../../src/engine/neighbor-messages.ts';
import type { HomeLinkStatus, Output } from '../../../../src/engine/types.ts';
import type { HomeAgentConfig, HomeLinkConfig, PeerConfig } from '../../../../src/uci/types.ts';
import { type Address, formatAddress } from '../../../../src/wire/address.ts';
import { emitIcmpv6Packet, parseIcmpv6Packet } from '../../../../src/wire/icmpv6/icmpv6-packet.ts';
import { Anchor, type Answer, address, HOME, prefix, type Said } from '../anchor.ts';

export const LINK = 'br-lan';
export const HOME_PREFIX = prefix('2001:db8:100::/64');
export const LINK_LAYER = Uint8Array.of(2, 0, 0, 0, 0, 1);
export const LINK_LOCAL = address('fe80::a');
/** The mobile node's, by its interface identifier. */
export const NODE_LINK_LOCAL = linkLocalOf(HOME);
/** Where the mobile node is on the link. */
export const NODE_LINK_LAYER = Uint8Array.of(2, 0, 0, 0, 0, 9);
export const OTHER_HOST = address('fe80::b');

export const atNodeLinkLayer = {
  kind: 'mh-link-layer-address',
  code: 2,
  address: NODE_LINK_LAYER,
} as const;

interface Settings {
  readonly link?: Partial<HomeLinkConfig>;
  readonly peer?: Partial<PeerConfig>;
  readonly config?: Partial<HomeAgentConfig>;
  /** Do not say how the link stands. */
  readonly unknown?: boolean;
}

export class HomeLinkAnchor extends Anchor {
  #status: HomeLinkStatus = {
    linkLayerAddress: LINK_LAYER,
    linkLocalAddress: LINK_LOCAL,
    prefixes: [
      { prefix: HOME_PREFIX, preferredUntil: Number.POSITIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY },
    ],
  };

  constructor({ link, peer, config, unknown }: Settings = {}) {
    const homeLink = { device: LINK, prefixes: [HOME_PREFIX], homeBinding: 'proxy' as const, ...link };
    super(peer, { homeLink, ...config });
    if (!unknown) this.link({});
  }

  /** The kernel's word about the home link. */
  link(status: Partial<HomeLinkStatus>): Output[] {
    this.#status = { ...this.#status, ...status };
    return this.input({ kind: 'home-link', status: this.#status });
  }

  /** Seconds from now on. */
  lifetimes(preferred: number, valid: number): Output[] {
    const until = (seconds: number) => this.now + seconds * 1000;
    return this.link({
      prefixes: [{ prefix: HOME_PREFIX, preferredUntil: until(preferred), validUntil: until(valid) }],
    });
  }

  /** Registers, with the second that duplicate address detection takes when nobody answers. */
  register(said: Said = {}): Answer | undefined {
    this.update(said);
    const step = this.output;
    this.wait(1000);
    return this.answer ?? this.#in(step);
  }

  /** Another host of the link has that address and says so. */
  advertise(target: Address, device = LINK): Output[] {
    const message = {
      kind: 'neighbor-advertisement',
      router: false,
      solicited: false,
      override: true,
      target,
      options: [],
    } as const;
    return this.receive(
      emitIcmpv6Packet({ source: OTHER_HOST, destination: address('ff02::1'), message }),
      device,
    );
  }

  /** Another host tests that address for itself. */
  contest(target: Address): Output[] {
    return this.receive(emitDuplicateTest(target), LINK);
  }

  get solicitations(): string[] {
    return neighborMessages(this.output).flatMap(({ message }) =>
      message.kind === 'neighbor-solicitation' ? [formatAddress(message.target)] : [],
    );
  }

  get advertised(): string[] {
    return neighborMessages(this.output).flatMap(({ message }) =>
      message.kind === 'neighbor-advertisement' ? [formatAddress(message.target)] : [],
    );
  }

  get node() {
    return this.agent.view().nodes[0]!;
  }

  get defended(): string[] {
    return this.node.home?.defended.map(formatAddress) ?? [];
  }

  #in(output: Output[]): Answer | undefined {
    this.output = output;
    return this.answer;
  }
}

/** What of the output is ICMPv6. */
export function neighborMessages(output: readonly Output[]) {
  return output.flatMap(item => {
    const parsed = item.kind === 'send' ? parseIcmpv6Packet(item.packet) : undefined;
    return parsed?.ok && item.kind === 'send'
      ? [{ ...parsed.value, device: item.device, packet: item.packet }]
      : [];
  });
}
