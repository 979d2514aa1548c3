/** What of a node's forwarding state is about the home link that its home address is on. */
import type { AnchorBinding, AnchorNode } from '../engine/view.ts';
import { equalAddress, hostPrefix, type Prefix } from '../wire/address.ts';
import type { Neighbor, Route } from './state.ts';

/** RFC 5648 §5.6: it leads to the home link, not abroad. */
export const isHomeBinding = ({ homeAddress }: AnchorNode, { careOfAddress }: AnchorBinding): boolean =>
  equalAddress(careOfAddress, homeAddress);

/**
 * The networks of a node that is home are behind it (RFC 3963 §6.7); with a home binding (RFC 5648 §5.6) only while that is
 * the one in use.
 * @param active binding
 * @returns destinations, each with its next hop
 */
export function hopsOnHomeLink(
  node: AnchorNode,
  active: AnchorBinding | undefined,
): { readonly destination: Prefix; readonly hop: Pick<Route, 'device' | 'gateway'> }[] {
  const { home, homeAddress: gateway } = node;
  if (!home?.present) return [];
  const { device } = home;
  const behind = (prefixes: readonly Prefix[]) =>
    prefixes.map(destination => ({ destination, hop: { device, gateway } }));
  if (node.bindings.length === 0) return behind(node.authorisedPrefixes);
  if (active === undefined || !isHomeBinding(node, active)) return [];
  return [{ destination: hostPrefix(gateway), hop: { device } }, ...behind(node.prefixes)];
}

/** A home address that nobody has registered is its link's own affair. */
export const isOfLink = ({ home, bindings }: AnchorNode): boolean =>
  home !== undefined && bindings.length === 0;

/** The addresses that are defended on the home link, and where the node is there if it must not be asked. */
export function homeNeighbors({ home, homeAddress }: AnchorNode): Neighbor[] {
  if (home === undefined) return [];
  const { device, defended, router, linkLayerAddress } = home;
  const place = { device, neighbor: homeAddress, linkLayerAddress, router: false };
  return [
    ...defended.map(neighbor => ({ device, neighbor, linkLayerAddress: undefined, router })),
    ...(linkLayerAddress === undefined ? [] : [place]),
  ];
}
