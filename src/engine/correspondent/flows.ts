/** Flow bindings and balance of a mobile node at a correspondent (RFC 6089 §5.3, draft-montavont-mip6-mmi-02 §7). */
import { formatAddress } from '../../wire/address.ts';
import type { MobilityOption } from '../../wire/mobility-option.ts';
import { newNodeFlows } from '../flow-bindings/flow-binding.ts';
import { type FlowPath, steerFlows } from '../flow-bindings/flow-steering.ts';
import { isAboutFlows, updateFlows } from '../flow-bindings/flow-update.ts';
import type { Outbox } from '../outbox.ts';
import type { DirectPeer } from '../view.ts';
import type { Peer } from './binding-cache.ts';

/**
 * To be called when the message's bindings are there.
 * @param limit flow bindings that the node may have; 0: none, and no balance either
 * @returns what the acknowledgement says about it
 */
export function updatePeerFlows(
  peer: Peer,
  options: readonly MobilityOption[],
  limit: number,
  outbox: Outbox,
): readonly MobilityOption[] {
  if (peer.flows === undefined && !options.some(isAboutFlows)) return [];
  const flows = peer.flows ?? newNodeFlows();
  // Who is to go several ways at once would need somebody who drops all copies but the first.
  const terms = { limit, copies: false };
  const { answers, changed } = updateFlows(flows, options, peer.bindings, terms, outbox.counters);
  if (limit > 0) peer.flows = flows;
  if (changed) {
    const count = flows.bindings.length;
    const homeAddress = formatAddress(peer.homeAddress);
    const text = `${homeAddress}: ${count === 0 ? 'no' : count} flow bindings`;
    outbox.event('info', 'flow-bindings', text, { homeAddress, count });
  }
  return answers;
}

/** What the flow bindings come to while these bindings are there. Of a correspondent nothing watches the paths. */
export function directFlows({ flows, bindings }: Peer): Pick<DirectPeer, 'steering' | 'lanes'> {
  if (flows === undefined) return {};
  const paths = [...bindings.values()].map(
    ({ bid, priority, updatedAt }): FlowPath => ({ bid, priority, state: 'alive', answeredAt: updatedAt }),
  );
  steerFlows(flows, paths, false);
  const { steering } = flows;
  if (steering === undefined) return {};
  const lanes = steering.lanes.flatMap(({ number, active }) => {
    const binding = active === undefined ? undefined : bindings.get(active);
    return binding === undefined ? [] : [{ number, careOfAddress: binding.careOfAddress }];
  });
  return { steering, lanes };
}
