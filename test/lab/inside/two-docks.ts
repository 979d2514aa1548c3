/**
 * The main network, and a router that has two home addresses with a home link each, at home agents of their own:
 *
 *   lan ---lan--- router --lte-- … core --home-- anchor [br-one]
 *   guest -guest--' | | \--wifi-- … / \--second-- second [br-two]
 *                   | `-------dock1--------------' |
 *                   `---------dock2----------------'
 *
 * Nobody gives the router addresses on the docks but its home addresses: `van` (with the network of `lan`) on dock1, `bus`
 * (with that of `guest`) on dock2. Which configuration of draft-ietf-monami6-mipv6-analysis-01 §4 it is depends on the
 * carriers. The home agents let in from a dock only what is its home address's (ingress filtering).
 */
import { anchorText, type RouterPlan, routerText } from './configuration.ts';
import { MAIN, mainTopology } from './main-topology.ts';
import type { HostPlan, LinkPlan, Network, NetworkPlan } from './network.ts';

const SECOND = '2001:db8:3::2';
const GUEST = '2001:db8:201::100';

export const VAN = {
  dock: 'dock1',
  bridge: 'br-one',
  anchorHost: 'anchor',
  anchor: '2001:db8:100::1',
  home: '2001:db8:100::/64',
  plan: {
    name: 'van',
    homeAddress: MAIN.homeAddress,
    homeAgents: ['2001:db8:100::1'],
    prefixes: [MAIN.mobileNetworkPrefix],
    uplinks: [],
  } satisfies RouterPlan,
} as const;

export const BUS = {
  dock: 'dock2',
  bridge: 'br-two',
  anchorHost: 'second',
  anchor: '2001:db8:200::1',
  home: '2001:db8:200::/64',
  plan: {
    name: 'bus',
    homeAddress: '2001:db8:200::10',
    homeAgents: ['2001:db8:200::1'],
    prefixes: ['2001:db8:201::/64'],
    uplinks: [],
  } satisfies RouterPlan,
} as const;

export const HOMES = [VAN, BUS] as const;
type Home = (typeof HOMES)[number];

/** What arrives by a dock must be of its home link or of the network behind the home address. */
function homeAgentHost({ bridge, home, plan }: Home): HostPlan {
  return {
    forwarding: true,
    nftables: `table ip6 ingress {
      counter foreign { }
      chain forward {
        type filter hook forward priority 0
        iifname "${bridge}" ip6 saddr != { ${home}, ${plan.prefixes[0]} } counter name foreign drop
      }
    }`,
  };
}

export function twoDocks(): NetworkPlan {
  const main = mainTopology();
  const { core } = main.hosts;
  const dock = ({ anchorHost }: Home): LinkPlan => ({
    near: { host: 'router' },
    far: { host: anchorHost },
    delay: 5,
  });
  return {
    hosts: {
      ...main.hosts,
      anchor: homeAgentHost(VAN),
      second: homeAgentHost(BUS),
      guest: {},
      core: { ...core!, routes: [...core!.routes!, `2001:db8:200::/40 via ${SECOND}`] },
    },
    links: {
      ...main.links,
      guest: {
        near: { host: 'guest', addresses: [`${GUEST}/64`], gateway: '2001:db8:201::1' },
        far: { host: 'router', addresses: ['2001:db8:201::1/64'] },
        capture: false,
      },
      second: {
        near: { host: 'second', addresses: [`${SECOND}/64`], gateway: '2001:db8:3::1' },
        far: { host: 'core', addresses: ['2001:db8:3::1/64'] },
        capture: false,
      },
      dock1: dock(VAN),
      dock2: dock(BUS),
    },
  };
}

/** The bridges of the home links, and what the router knows of these by Router Advertisements: the prefix is on the link. */
export async function buildDocks(network: Network): Promise<void> {
  for (const [index, { dock, bridge, anchorHost, anchor, home }] of HOMES.entries()) {
    await network.ip(
      anchorHost,
      `link add ${bridge} address 02:00:00:00:f${index}:02 type bridge forward_delay 0 mcast_snooping 0`,
      `link set ${dock} master ${bridge}`,
      `link set ${bridge} up`,
      `address add ${anchor}/64 dev ${bridge} nodad`,
    );
    await network.ip('router', `route add ${home} dev ${dock} proto ra`);
  }
}

export const homeAgentText = ({ anchor, bridge, home, plan }: Home): string =>
  anchorText({
    address: anchor,
    peers: [plan],
    lines: [`option home_link '${bridge}'`, `list home_prefix '${home}'`],
  });

const uplink = (name: string, ...lines: string[]): string =>
  `config uplink '${name}'\n${lines.map(line => `\t${line}\n`).join('')}\n`;

/** Bulk data of the van goes through the bus's home address if it can, that of the bus over Wi-Fi. */
const flow = (router: string, over: string): string =>
  `config flow '${router}_bulk'\n\tlist mobile_router '${router}'\n\tlist dest_port '5001'\n\tlist uplink '${over}'\n\n`;

export const twoHomesText = (): string =>
  [
    routerText(VAN.plan),
    routerText(BUS.plan),
    uplink('dock1', "option device 'dock1'", "list mobile_router 'van'"),
    uplink('dock2', "option device 'dock2'", "list mobile_router 'bus'"),
    uplink('lte', "option device 'lte'"),
    uplink('wifi', "option device 'wifi'"),
    uplink('via_bus', "option through 'bus'"),
    uplink('via_van', "option through 'van'"),
    flow('van', 'via_bus'),
    flow('bus', 'wifi'),
  ].join('');
