/** What a home agent remembers of a mobile node across a restart of its process. */
import {
  equalAddress,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
  prefixCovers,
} from '../../wire/address.ts';
import type { PathProber, PathState } from '../path-prober.ts';
import { asArray, asObject, isCount } from '../record-values.ts';
import type { JsonObject } from '../types.ts';
import { restoreFlows, saveFlows } from './flow-bindings/flow-records.ts';
import { maxFlows } from './flow-bindings/flow-update.ts';
import type { MobileNode } from './mobile-node.ts';
import { askAt } from './refresh-request.ts';

export function nodeKey(node: MobileNode): string {
  return `node/${formatAddress(node.peer.homeAddress)}`;
}

/** Undefined while nothing about the node is worth remembering. */
export function saveNode(node: MobileNode): JsonObject | undefined {
  if (node.sequence === undefined && node.timestamp === undefined) return undefined;
  return {
    sequence: node.sequence ?? null,
    timestamp: node.timestamp === undefined ? null : { ...node.timestamp },
    mobileRouter: node.mobileRouter,
    ...(node.copies && { copies: true }),
    ...(node.linkLocal && { linkLocal: true }),
    ...(node.present && { present: true }),
    ...(node.linkLayerAddress && { linkLayerAddress: [...node.linkLayerAddress] }),
    answers: node.answers,
    ...(node.flows && { flows: saveFlows(node.flows) }),
    prefixes: node.prefixes.map(formatPrefix),
    bindings: [...node.bindings.values()].map(binding => ({
      bid: binding.bid,
      careOfAddress: formatAddress(binding.careOfAddress),
      priority: binding.priority,
      lifetime: binding.lifetime,
      expiresAt: binding.expiresAt,
      path: binding.prober.state,
    })),
  };
}

/**
 * Fills the node from a record. Whatever does not fit the present configuration is left out.
 * @param newProber makes the prober of an adopted binding
 */
export function restoreNode(
  node: MobileNode,
  record: JsonObject,
  now: number,
  newProber: (state: PathState) => PathProber,
): void {
  if (isCount(record.sequence)) node.sequence = record.sequence & 0xffff;
  node.updatedAt = now;
  const timestamp = asObject(record.timestamp);
  if (timestamp !== undefined && isCount(timestamp.seconds) && isCount(timestamp.fraction)) {
    node.timestamp = { seconds: timestamp.seconds, fraction: timestamp.fraction };
  }
  node.mobileRouter = record.mobileRouter === true;
  node.copies = record.copies === true;
  node.linkLocal = record.linkLocal === true;
  node.present = record.present === true;
  const octets = asArray(record.linkLayerAddress).filter(isCount);
  node.linkLayerAddress = octets.length > 0 ? Uint8Array.from(octets) : undefined;
  node.answers = record.answers === true;
  node.flows = restoreFlows(record.flows, maxFlows(node));
  node.prefixes = asArray(record.prefixes)
    .flatMap(text => (typeof text === 'string' ? (parsePrefix(text) ?? []) : []))
    .filter(prefix => node.peer.prefixes.some(own => prefixCovers(own, prefix)));
  for (const item of asArray(record.bindings).slice(0, node.peer.maxBindings)) {
    const { bid, careOfAddress, priority, lifetime, expiresAt, path } = asObject(item) ?? {};
    const address = typeof careOfAddress === 'string' ? parseAddress(careOfAddress) : undefined;
    if (address === undefined || !isCount(bid) || !isCount(priority) || !isCount(lifetime)) continue;
    // One that ends later than it could have been granted is from before the machine, and its clock, restarted.
    if (typeof expiresAt !== 'number' || expiresAt <= now || expiresAt > now + lifetime * 1000) continue;
    const prober = newProber(path === 'alive' || path === 'dead' ? path : 'unknown');
    const binding = {
      bid,
      careOfAddress: address,
      home: equalAddress(address, node.peer.homeAddress),
      priority,
      lifetime,
      expiresAt,
      asked: false,
      prober,
      heartbeat: undefined,
    };
    // In its last moments it has been asked for already.
    binding.asked = askAt(binding) <= now;
    node.bindings.set(bid, binding);
  }
}
