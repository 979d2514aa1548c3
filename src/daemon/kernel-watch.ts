/** What the roles have to know of the kernel: how the uplinks and the home link are. */
import type { HomeLinkStatus, Input, UplinkStatus } from '../engine/types.ts';
import { ROUTE_PROTOCOL } from '../forwarding/state.ts';
import { now } from '../host/clock.ts';
import { AddressEnds } from '../netlink/address-ends.ts';
import { equalHomeLinks, HomeLinkWatch } from '../netlink/home-link-status.ts';
import type { KernelView } from '../netlink/kernel-view.ts';
import type { NeighborOnLink } from '../netlink/neighbor.ts';
import { equalStatuses, type UplinkPlace, uplinkStatuses } from '../netlink/uplink-status.ts';
import type { Config, UplinkConfig } from '../uci/types.ts';
import { equalAddress, hostPrefix } from '../wire/address.ts';
import { uplinksOf } from './interfaces.ts';

export class KernelWatch {
  readonly #view: KernelView;
  readonly #place: (uplink: UplinkConfig) => UplinkPlace;
  readonly #tell: (input: Input) => void;
  readonly #ends = new AddressEnds();
  readonly #homeLinkWatch = new HomeLinkWatch();
  #uplinks: readonly UplinkStatus[] | undefined;
  #homeLink: HomeLinkStatus | undefined;

  /**
   * @param place where an uplink is now
   * @param tell hears what is new
   */
  constructor(view: KernelView, place: (uplink: UplinkConfig) => UplinkPlace, tell: (input: Input) => void) {
    this.#view = view;
    this.#place = place;
    this.#tell = tell;
  }

  /** The roles have been told how the uplinks are. */
  get hasTold(): boolean {
    return this.#uplinks !== undefined;
  }

  /** There are new roles, which have been told nothing. */
  forget(): void {
    this.#uplinks = undefined;
    this.#homeLink = undefined;
  }

  /** The result says whether the uplinks are not as they were. */
  look({ homeAgent, mobileRouters }: Config): boolean {
    this.#lookAtHomeLink(homeAgent?.homeLink?.device);
    const uplinks = uplinkStatuses(
      this.#view,
      uplinksOf(mobileRouters).map(this.#place),
      ROUTE_PROTOCOL,
      mobileRouters.flatMap(({ homeAddress, prefixes }) => [hostPrefix(homeAddress), ...prefixes]),
      found => this.#ends.of(found, now().monotonic).validUntil,
    );
    if (this.#uplinks !== undefined && equalStatuses(this.#uplinks, uplinks)) return false;
    this.#uplinks = uplinks;
    this.#tell({ kind: 'uplinks', uplinks });
    return true;
  }

  /** Neighbor Unreachability Detection has given a neighbour up; of interest is the next hop of an uplink. */
  noteFailed({ link, neighbor }: NeighborOnLink): void {
    for (const { name, ifindex, gateway } of this.#uplinks ?? []) {
      if (ifindex !== link || gateway === undefined || !equalAddress(gateway, neighbor)) continue;
      this.#tell({ kind: 'gateway-failed', uplink: name });
    }
  }

  #lookAtHomeLink(device: string | undefined): void {
    if (device === undefined) return;
    const status = this.#homeLinkWatch.status(this.#view, device, now().monotonic);
    if (this.#homeLink !== undefined && equalHomeLinks(this.#homeLink, status)) return;
    this.#homeLink = status;
    this.#tell({ kind: 'home-link', status });
  }
}
