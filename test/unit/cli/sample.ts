/** Status values as the daemon gives them, with the longest plausible texts. */
import type {
  HomeAgentReport,
  MobileRouterReport,
  PathReport,
  Status,
  UplinkReport,
} from '../../../src/engine/status.ts';

const path = (
  state: PathReport['state'],
  rtt: number | null,
  jitter: number | null,
  loss: number,
): PathReport => ({
  state,
  profile: 'fast',
  rtt,
  jitter,
  loss,
  quality: 'good',
  traffic: { rxOctets: 1_234_567_890, txOctets: 98_765, rxBitRate: 12_345_678, txBitRate: 64_200 },
});

export const LTE: UplinkReport = {
  name: 'lte',
  interface: null,
  device: 'wwan0',
  priority: 1,
  bid: 1,
  state: 'registered',
  carrier: true,
  careOfAddress: '2001:db8:1234:5678:9abc:def0:1234:5678',
  gateway: 'fe80::a1b2:c3ff:fed4:e5f6',
  mtu: 1428,
  tunnel: 'kdg-lte',
  binding: { granted: 600, remaining: 512.3 },
  sequence: 4711,
  acknowledgement: { status: 0, name: 'accepted' },
  path: path('alive', 40.17, 1.26, 0),
  traffic: null,
  budget: null,
  since: 725,
};

export const WIFI: UplinkReport = {
  ...LTE,
  name: 'wifi',
  device: 'wlan0',
  priority: 2,
  bid: 2,
  careOfAddress: '2001:db8:2::7',
  gateway: 'fe80::1',
  mtu: 1500,
  tunnel: 'kdg-wifi',
  path: path('alive', 61.4, 12.9, 1.6),
};

export const ABSENT: UplinkReport = {
  name: 'starlink_01',
  interface: 'wan',
  device: 'eth1',
  priority: 125,
  bid: 65535,
  state: 'no-carrier',
  carrier: false,
  careOfAddress: null,
  gateway: null,
  mtu: 1500,
  tunnel: null,
  binding: null,
  sequence: null,
  acknowledgement: null,
  path: null,
  traffic: null,
  budget: null,
  since: null,
};

export const ROUTER: MobileRouterReport = {
  name: 'van',
  homeAddress: '2001:db8:f00::1',
  deprecated: false,
  homeAgent: '2001:db8:a::1',
  homeAgentChoice: { reason: 'first', since: 725 },
  homeAgents: [{ address: '2001:db8:a::1', source: 'configuration', failure: null }],
  prefixes: ['2001:db8:f00::/56'],
  prefixesRefused: false,
  delegation: null,
  homePrefixes: null,
  mode: 'explicit',
  refused: null,
  registration: { mode: 'single', fallback: null },
  active: { uplink: 'lte', reason: 'lowest-priority-value', since: 725 },
  preferred: null,
  uplinks: [LTE, WIFI, ABSENT],
  flowBindings: [],
  routeOptimization: { obstacle: 'this kernel has no Mobile IPv6 (CONFIG_IPV6_MIP6)', correspondents: [] },
  counters: { 'acknowledgement-unmatched': 3, 'heartbeat-unknown-binding': 0, 'not-from-home-agent': 12 },
};

export const AGENT: HomeAgentReport = {
  name: 'anchor',
  address: '2001:db8:a::1',
  homeSide: null,
  nodes: [
    {
      name: 'van',
      homeAddress: '2001:db8:f00::1',
      prefixes: ['2001:db8:f00::/56'],
      active: { bid: 1, reason: 'lowest-priority-value' },
      bindings: [
        {
          bid: 1,
          careOfAddress: '2001:db8:1234:5678:9abc:def0:1234:5678',
          tunnel: 'kdg-0a1b2c3d4e5',
          lifetime: { granted: 600, remaining: 512 },
          priority: 2,
          path: path('alive', 40.2, 0.9, 0),
        },
        {
          bid: 2,
          careOfAddress: '2001:db8:2::7',
          tunnel: 'kdg-1',
          lifetime: { granted: 600, remaining: 99 },
          priority: 3,
          path: path('dead', 61.4, 12.9, 100),
        },
      ],
      flowBindings: [{ fid: 1, priority: 64, selector: 'tcp', bids: [2], active: true }],
    },
    {
      name: 'ship',
      homeAddress: '2001:db8:f01::1',
      prefixes: [],
      active: { bid: null, reason: 'none' },
      bindings: [],
      flowBindings: [],
    },
  ],
  counters: {},
};

export const statusOf = (parts: Partial<Status>): Status => ({
  version: '0.1.0',
  uptime: 7984,
  mobileRouter: null,
  otherMobileRouters: [],
  homeAgent: null,
  correspondent: null,
  warnings: [],
  ...parts,
});
