/** From the section `home_agent` and its peers to the configuration of the home agent. */
import { readAuth } from './association.ts';
import { agentClaim, checkClaims, checkUnique, claimsOf } from './consistency.ts';
import { dialectOf } from './dialect.ts';
import type { Reading, Report, Values } from './section-reader.ts';
import { type Context, theOnly } from './sections.ts';
import type { HomeAgentConfig, HomeLinkConfig, PeerConfig } from './types.ts';

export function buildHomeAgent(
  agents: readonly Reading<'home_agent'>[],
  peers: readonly Reading<'peer'>[],
  context: Context,
): HomeAgentConfig | undefined {
  const { fault, warning } = context;
  const agent = theOnly(agents, fault);
  const served = peers.filter(peer => peer.enabled);
  if (agents.length === 0 && served.length > 0) {
    fault(
      served[0]!.line,
      `${served[0]!.title}: there is no home_agent section: expected one that serves the peer`,
    );
  }
  checkClaims([...(agent === undefined ? [] : homeAgentClaims(agent)), ...served.flatMap(claimsOf)], fault);
  checkUnique(
    'identifier',
    served.map(peer => ({
      owner: peer.title,
      line: peer.lineOf('identifier'),
      value: peer.values.identifier,
    })),
    fault,
  );
  const built = served.map(peer => buildPeer(peer, context));
  if (agent === undefined) return undefined;
  if (served.length === 0)
    warning(agent.line, `${agent.title}: no enabled peer section: nobody can register`);
  const values = agent.values as Values<'home_agent'>;
  return {
    name: agent.name,
    address: values.address,
    maxLifetime: values.max_lifetime,
    probe: values.probe,
    verify: values.verify,
    preference: values.preference,
    peerHomeAgents: values.peer_home_agent,
    homePrefixes: values.home_prefix,
    delegationLifetime: values.delegation_lifetime,
    watched: values.watch,
    homeLink: buildHomeLink(agent, fault),
    peers: built,
  };
}

function homeAgentClaims(agent: Reading<'home_agent'>) {
  const { address, peer_home_agent: peers = [] } = agent.values;
  return [
    ...agentClaim(agent.title, address, agent.lineOf('address')),
    ...peers.flatMap((peer, index) =>
      agentClaim(agent.title, peer?.address, agent.lineOf('peer_home_agent', index)),
    ),
  ];
}

function buildHomeLink(agent: Reading<'home_agent'>, fault: Report): HomeLinkConfig | undefined {
  const {
    home_link: device,
    home_prefix: prefixes,
    home_binding: homeBinding,
  } = agent.values as Values<'home_agent'>;
  if (agent.has('home_link') && !agent.has('home_prefix')) {
    fault(
      agent.lineOf('home_link'),
      `${agent.title}: 'home_link' stands alone: expected list home_prefix beside it`,
    );
  }
  return device === undefined ? undefined : { device, prefixes, homeBinding };
}

function buildPeer(peer: Reading<'peer'>, { readFile, fault, warning, dialects }: Context): PeerConfig {
  const values = peer.values as Values<'peer'>;
  const auth = readAuth(peer, readFile, fault, warning);
  if (values.network === false && peer.has('prefix')) {
    fault(
      peer.lineOf('prefix'),
      `${peer.title}: a prefix without a mobile network: expected option network '1'`,
    );
  }
  if (values.delegation && !peer.has('prefix')) {
    fault(peer.lineOf('delegation'), `${peer.title}: nothing to delegate: expected list prefix`);
  }
  return {
    name: peer.name,
    hostOnly: !values.network,
    renumbering: values.renumbering,
    homeAddress: values.home_address,
    prefixes: values.prefix,
    delegation: values.delegation,
    auth: auth!,
    identifier: values.identifier,
    dialect: dialectOf(peer, dialects, fault),
    maxBindings: values.max_bindings,
    symmetric: values.symmetric,
    maxFlows: values.flow_bindings ? values.max_flows : 0,
    multiple: values.multiple,
  };
}
