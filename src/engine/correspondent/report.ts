/** What a correspondent tells a person about itself. */
import { formatAddress } from '../../wire/address.ts';
import { reportFlowBinding } from '../flow-bindings/held-report.ts';
import { reportLifetime } from '../report-parts.ts';
import type { CorrespondentReport, DirectNodeReport } from '../status.ts';
import { type Peer, primaryBinding } from './binding-cache.ts';
import type { Correspondent } from './correspondent.ts';

/** @param now monotonic, milliseconds */
export function reportCorrespondent(correspondent: Correspondent, now: number): CorrespondentReport {
  return {
    name: correspondent.config.name,
    obstacle: correspondent.obstacle ?? null,
    nodes: [...correspondent.cache.peers()].map(peer => reportPeer(peer, now)),
    counters: correspondent.counters.toJson(),
  };
}

function reportPeer(peer: Peer, now: number): DirectNodeReport {
  return {
    address: formatAddress(peer.ownAddress),
    homeAddress: formatAddress(peer.homeAddress),
    active: formatAddress(primaryBinding(peer).careOfAddress),
    bindings: [...peer.bindings.values()].map(binding => ({
      bid: binding.bid,
      careOfAddress: formatAddress(binding.careOfAddress),
      lifetime: reportLifetime(binding, now),
    })),
    flowBindings: (peer.flows?.bindings ?? []).map(flow => reportFlowBinding(flow, peer.bindings)),
  };
}
