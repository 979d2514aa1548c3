/** A node's flow bindings as a home agent or correspondent holds them, and the balance between its care-of addresses. */

import type { Steering } from '../steering.ts';
import type { BinarySelector } from './selector.ts';

/** An entry of the list of flow bindings (RFC 6089 §4.3). It is active while one of its BIDs is bound. */
export interface FlowBinding {
  /** 1..65535. */
  readonly fid: number;
  /** FID-PRI, 1..65535: the lowest is the first; no two flow bindings of a node have the same. */
  readonly priority: number;
  readonly selector: BinarySelector;
  /** Of the Binding Reference sub-option: each gets a copy. */
  readonly bids: readonly number[];
}

/** Of draft-montavont-mip6-mmi-02. */
export interface Share {
  readonly bid: number;
  /** 1..15 (D field). */
  readonly weight: number;
}

export interface NodeFlows {
  /** In the order of their priority. */
  bindings: readonly FlowBinding[];
  /** Between which care-of addresses all else is divided; empty: the active one carries it. */
  shares: readonly Share[];
  /** Numbers of lanes by what they begin with: the same as long as anybody may remember them. */
  readonly lanes: Map<string, number>;
  /** What all this comes to with the present bindings; undefined: the active binding carries everything. */
  steering: Steering | undefined;
  /** What {@link steering} was made of; `order`: the BIDs that were bound. */
  basis:
    | { readonly bindings: readonly FlowBinding[]; readonly shares: readonly Share[]; readonly order: string }
    | undefined;
}

export function newNodeFlows(): NodeFlows {
  return { bindings: [], shares: [], lanes: new Map(), steering: undefined, basis: undefined };
}
