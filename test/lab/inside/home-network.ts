/**
 * A home agent with a real home link, `br-lan`, which has two ports:
 *
 *   host --lan1-- [br-lan] anchor --wan-- core --lte-- away
 *   guest --lan2-----'                        '--afar-- afar
 *
 * `host` is a neighbour, `guest` where a mobile node is when it is at home, `afar` where it is abroad; `away` is another
 * one, which stays abroad. Duplicate address detection is on for `host`.
 */
import { timestampFromWall } from '../../../src/engine/timestamp.ts';
import { type Address, parseAddress, parsePrefix } from '../../../src/wire/address.ts';
import type { BindingUpdate } from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import { right } from './attacker.ts';
import { anchorText, routerText } from './configuration.ts';
import type { Network, NetworkPlan } from './network.ts';
import { LABTOOL } from './process.ts';

export const HOME = {
  link: 'br-lan',
  prefix: '2001:db8:7::/64',
  anchor: '2001:db8:7::1',
  host: '2001:db8:7::20',
  /** Home addresses: of a real router, and of mobile nodes that do what the scenario wants. */
  router: '2001:db8:7::10',
  node: '2001:db8:7::11',
  /** Link-local addresses that go with them. */
  routerLinkLocal: 'fe80::10',
  nodeLinkLocal: 'fe80::11',
  /** That of nobody. */
  nobody: '2001:db8:7::99',
  routerNetwork: '2001:db8:101::/64',
  nodeNetwork: '2001:db8:102::/64',
  /** An address in the node's network. */
  behindNode: '2001:db8:102::1',
  /** Their care-of addresses. */
  careOf: '2001:db8:a::2',
  nodeCareOf: '2001:db8:b::2',
} as const;

export function homeTopology(): NetworkPlan {
  return {
    hosts: {
      host: {},
      guest: { forwarding: true },
      anchor: { forwarding: true },
      core: {
        forwarding: true,
        routes: [`${HOME.prefix} via 2001:db8:1::2`, '2001:db8:100::/40 via 2001:db8:1::2'],
      },
      away: { forwarding: true },
      afar: { forwarding: true },
    },
    links: {
      lan1: {
        near: { host: 'host', addresses: [`${HOME.host}/64`], gateway: HOME.anchor, dad: true },
        far: { host: 'anchor' },
      },
      lan2: { near: { host: 'guest' }, far: { host: 'anchor' } },
      wan: {
        near: { host: 'anchor', addresses: ['2001:db8:1::2/64'], gateway: '2001:db8:1::1' },
        far: { host: 'core', addresses: ['2001:db8:1::1/64'] },
        capture: false,
      },
      lte: {
        near: { host: 'away', addresses: [`${HOME.careOf}/64`], gateway: '2001:db8:a::1' },
        far: { host: 'core', addresses: ['2001:db8:a::1/64'] },
        delay: 20,
      },
      afar: {
        near: { host: 'afar', addresses: [`${HOME.nodeCareOf}/64`], gateway: '2001:db8:b::1' },
        far: { host: 'core', addresses: ['2001:db8:b::1/64'] },
        delay: 20,
      },
    },
  };
}

/** The bridge of the home link. */
export async function buildHomeLink(network: Network): Promise<void> {
  await network.ip(
    'anchor',
    `link add ${HOME.link} address 02:00:00:00:ff:01 type bridge forward_delay 0 mcast_snooping 0`,
    `link set lan1 master ${HOME.link}`,
    `link set lan2 master ${HOME.link}`,
    `link set ${HOME.link} up`,
    `address add ${HOME.anchor}/64 dev ${HOME.link} nodad`,
  );
}

const ROUTER = { name: 'router', homeAddress: HOME.router, prefixes: [HOME.routerNetwork] };
const NODE = { name: 'node', homeAddress: HOME.node, prefixes: [HOME.nodeNetwork] };

/** @param lines more of the home_agent section */
export const homeAgentConfig = (...lines: string[]): string =>
  anchorText({
    address: HOME.anchor,
    peers: [ROUTER, NODE],
    lines: [`option home_link '${HOME.link}'`, `list home_prefix '${HOME.prefix}'`, ...lines],
  });

export const awayRouterConfig = (): string =>
  routerText({ ...ROUTER, homeAgents: [HOME.anchor], uplinks: ['lte'] });

const address = (text: string): Address => parseAddress(text)!;
interface Said extends Partial<Omit<BindingUpdate, 'kind' | 'options'>> {
  readonly options?: readonly MobilityOption[];
}

/** A mobile node that says what the scenario wants; it hears nothing. */
export class SpokenNode {
  readonly #network: Network;
  #sequence = 0;

  constructor(network: Network) {
    this.#network = network;
  }

  /** A Binding Update from abroad. */
  fromAbroad(said: Said = {}): Promise<string> {
    return this.#update('afar', HOME.nodeCareOf, HOME.node, said);
  }

  /** A Binding Update on the home link, from the home address. */
  fromHome(said: Said = {}): Promise<string> {
    return this.#update('guest', HOME.node, undefined, said);
  }

  #update(host: string, source: string, homeAddress: string | undefined, said: Said): Promise<string> {
    this.#sequence++;
    const { options = [], ...fields } = said;
    const packet = right.sign(
      {
        source: address(source),
        destination: address(HOME.anchor),
        ...(homeAddress !== undefined && { homeAddress: address(homeAddress) }),
        message: {
          kind: 'binding-update',
          sequence: this.#sequence,
          acknowledge: true,
          homeRegistration: true,
          linkLocalCompatibility: false,
          keyManagement: false,
          mobileRouter: true,
          lifetime: 400,
          ...fields,
          options: [...options, { kind: 'message-id', ...timestampFromWall(Date.now()) }],
        },
      },
      address(source),
      address(HOME.node),
    );
    return sendRaw(this.#network, host, packet);
  }
}

export const networkOption = (): MobilityOption => ({
  kind: 'mobile-network-prefix',
  prefix: parsePrefix(HOME.nodeNetwork)!,
});

/** Sends whole packets from a host. */
export function sendRaw(network: Network, host: string, ...packets: readonly Uint8Array[]): Promise<string> {
  const lines = packets.map(packet => [...packet].map(octet => octet.toString(16).padStart(2, '0')).join(''));
  return network.run(host, [LABTOOL, 'send-raw'], `${lines.join('\n')}\n`);
}
