/** What a home agent tells a person about itself. */
import { formatAddress, formatPrefix } from '../../wire/address.ts';
import { reportFlowBinding } from '../flow-bindings/held-report.ts';
import { reportLifetime, reportPath } from '../report-parts.ts';
import type { BindingReport, ChoiceReason, HomeAgentReport, NodeReport } from '../status.ts';
import type { HomeAgent } from './home-agent.ts';
import type { Binding, MobileNode } from './mobile-node.ts';

/** What the tunnel of a binding is called. */
type TunnelName = (peer: string, bid: number) => string;

/** @param now monotonic, milliseconds */
export function reportHomeAgent(agent: HomeAgent, now: number, tunnelName: TunnelName): HomeAgentReport {
  return {
    name: agent.config.name,
    address: formatAddress(agent.config.address),
    homeSide: agent.config.watched?.length ? agent.homeSide.state : null,
    nodes: [...agent.cache.nodes()].map(node => reportNode(agent, node, now, tunnelName)),
    counters: agent.counters.toJson(),
  };
}

function reportNode(agent: HomeAgent, node: MobileNode, now: number, tunnelName: TunnelName): NodeReport {
  return {
    name: node.peer.name,
    homeAddress: formatAddress(node.peer.homeAddress),
    prefixes: node.bindings.size > 0 ? node.prefixes.map(formatPrefix) : [],
    active: { bid: node.active?.bid ?? null, reason: choiceReason(node) },
    bindings: [...node.bindings.values()].map(binding =>
      reportBinding(agent, node, binding, now, tunnelName(node.peer.name, binding.bid)),
    ),
    flowBindings: (node.flows?.bindings ?? []).map(flow => reportFlowBinding(flow, node.bindings)),
  };
}

function choiceReason(node: MobileNode): ChoiceReason {
  if (node.active === undefined) return 'none';
  if (node.active.prober.state === 'dead') return 'last-resort';
  const live = [...node.bindings.values()].filter(binding => binding.prober.state !== 'dead');
  return live.length > 1 ? 'lowest-priority-value' : 'only-one-alive';
}

function reportBinding(
  agent: HomeAgent,
  node: MobileNode,
  binding: Binding,
  now: number,
  tunnel: string,
): BindingReport {
  return {
    bid: binding.bid,
    careOfAddress: formatAddress(binding.careOfAddress),
    tunnel,
    lifetime: reportLifetime(binding, now),
    priority: node.dialect.identifiers.stated(binding.priority),
    path: reportPath(binding.prober, agent.config.probe, binding.traffic),
  };
}
