/** The status again as flat lists, over all roles. Values are as in `engine/status.ts`. */
import { mobileRoutersOf, type PathReport, type Status, type UplinkReport } from '../engine/status.ts';

type Role = 'mobile_router' | 'home_agent';

/** A registered care-of address. */
export interface BindingRow {
  readonly role: Role;
  /** Name of the `mobile_router` section; at a home agent, of the `peer` section. */
  readonly node: string;
  readonly homeAddress: string;
  /** Null at a home agent: only the mobile router knows it. */
  readonly uplink: string | null;
  readonly bid: number;
  readonly careOfAddress: string;
  readonly tunnel: string | null;
  /** Seconds. */
  readonly granted: number;
  readonly remaining: number;
  readonly priority: number;
  /** It carries the traffic that no policy sends elsewhere. */
  readonly active: boolean;
}

/** A path through a tunnel. */
export interface PathRow extends PathReport {
  readonly role: Role;
  readonly node: string;
  readonly uplink: string | null;
  readonly bid: number;
  readonly tunnel: string | null;
  readonly active: boolean;
}

export interface UplinkRow extends UplinkReport {
  /** Name of the `mobile_router` section. */
  readonly router: string;
  readonly homeAddress: string;
  readonly active: boolean;
  readonly preferred: boolean;
}

export function listUplinks(status: Status): UplinkRow[] {
  return mobileRoutersOf(status).flatMap(({ name: router, homeAddress, active, preferred, uplinks }) =>
    uplinks.map(uplink => ({
      ...{ router, homeAddress, ...uplink },
      active: uplink.name === active.uplink,
      preferred: uplink.name === preferred,
    })),
  );
}

export function listBindings(status: Status): BindingRow[] {
  const own = listUplinks(status).flatMap(
    ({ router: node, homeAddress, name: uplink, bid, careOfAddress, tunnel, binding, priority, active }) =>
      binding === null || careOfAddress === null
        ? []
        : [
            {
              role: 'mobile_router' as const,
              ...{ node, homeAddress, uplink, bid, careOfAddress, tunnel, ...binding, priority, active },
            },
          ],
  );
  const served = nodes(status).flatMap(({ name: node, homeAddress, bindings, active }) =>
    bindings.map(({ bid, careOfAddress, tunnel, lifetime, priority }) => ({
      role: 'home_agent' as const,
      ...{ node, homeAddress, uplink: null, bid, careOfAddress, tunnel, ...lifetime, priority },
      active: active.bid === bid,
    })),
  );
  return [...own, ...served];
}

export function listPaths(status: Status): PathRow[] {
  const own = listUplinks(status).flatMap(({ router: node, name: uplink, bid, tunnel, path, active }) =>
    path === null ? [] : [{ role: 'mobile_router' as const, node, uplink, bid, tunnel, active, ...path }],
  );
  const served = nodes(status).flatMap(({ name: node, bindings, active }) =>
    bindings.map(({ bid, tunnel, path }) => ({
      role: 'home_agent' as const,
      ...{ node, uplink: null, bid, tunnel, active: active.bid === bid, ...path },
    })),
  );
  return [...own, ...served];
}

const nodes = ({ homeAgent }: Status) => homeAgent?.nodes ?? [];
