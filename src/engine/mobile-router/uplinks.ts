/** Follows the uplinks as the kernel shows them: what becomes of the entries when links and addresses come and go. */
import { type Address, equalAddress, formatAddress } from '../../wire/address.ts';
import type { Now, UplinkStatus } from '../types.ts';
import type { BudgetState } from '../uplink-budget.ts';
import {
  createProber,
  type Entry,
  isDegraded,
  isRegistered,
  uplinkState,
  usableCareOfAddress,
} from './binding-update-list.ts';
import type { MobileRouter } from './mobile-router.ts';
import { mustMove, steadyStatus } from './movement.ts';
import { PathWidth } from './path-width.ts';

export class Uplinks {
  readonly #router: MobileRouter;
  #statuses: readonly UplinkStatus[] = [];
  #budgets: ReadonlyMap<string, BudgetState> = new Map();
  #reconsiders = false;

  constructor(router: MobileRouter) {
    this.#router = router;
  }

  /** What is made of the statuses depends on something else that changed. */
  reconsider(): void {
    this.#reconsiders = true;
  }

  setBudgets(budgets: ReadonlyMap<string, BudgetState>, now: Now): void {
    const before = this.#budgets;
    this.#budgets = budgets;
    if (
      this.#router.entries.some(
        ({ uplink: { name } }) => before.get(name)?.closed !== budgets.get(name)?.closed,
      )
    )
      this.update(this.#statuses, now);
    for (const entry of this.#router.entries) entry.budget = budgets.get(entry.uplink.name);
  }

  step(now: Now): void {
    if (this.#reconsiders || this.#hasMoved()) this.update(this.#statuses, now);
    for (const entry of this.#router.entries) this.#damp(entry, now.monotonic);
  }

  nextWake(): number {
    return Math.min(...this.#router.entries.map(({ damping }) => damping.releaseAt()));
  }

  #damp(entry: Entry, now: number): void {
    const { damping, uplink } = entry;
    const before = damping.holds;
    damping.note(
      usableCareOfAddress(entry) !== undefined && !this.#isSilent(entry) && !isDegraded(entry),
      now,
    );
    if (damping.holds === before) return;
    const text = damping.holds
      ? `${uplink.name} comes and goes: traffic stays away from it while another one is fit`
      : `${uplink.name} has calmed down`;
    this.#router.event('notice', damping.holds ? 'uplink-unsteady' : 'uplink-steady', text, {
      uplink: uplink.name,
    });
  }

  /** Silent while the home agent answered all along over another uplink: else it is perhaps the home agent that was gone. */
  #isSilent({ prober: { state, answeredAt, diedAt } }: Entry): boolean {
    return (
      state === 'dead' &&
      this.#router.entries.some(({ prober }) => prober.diedAt < answeredAt && prober.answeredAt > diedAt)
    );
  }

  /** The kernel shows them like this now. */
  update(statuses: readonly UplinkStatus[], now: Now): void {
    const router = this.#router;
    this.#statuses = statuses;
    this.#reconsiders = false;
    const places = router.entries.map(({ place }) => place);
    router.home.choose(statuses);
    for (const [at, entry] of router.entries.entries()) {
      const before = usableCareOfAddress(entry);
      entry.budget = this.#budgets.get(entry.uplink.name);
      const found = statuses.find(status => status.name === entry.uplink.name);
      if (found?.device !== undefined) entry.uplink = { ...entry.uplink, device: found.device };
      entry.status = router.home.placed(entry, found && steadyStatus(entry, found));
      if (entry.place !== places[at]) {
        this.#notePlace(entry);
        router.failover.hurry(now.monotonic);
      }
      const after = usableCareOfAddress(entry);
      if (before === undefined ? after === undefined : after !== undefined && equalAddress(before, after))
        continue;
      entry.refusal = undefined;
      entry.retransmitAt = now.monotonic;
      entry.timeout = 0;
      const data = {
        uplink: entry.uplink.name,
        careOfAddress: after === undefined ? null : formatAddress(after),
      };
      if (after === undefined && entry.place !== 'foreign') this.resetPath(entry, now.monotonic);
      else if (after === undefined)
        router.event('notice', 'uplink-lost', `uplink ${entry.uplink.name} is gone`, data);
      else
        router.event(
          'notice',
          'uplink-usable',
          `uplink ${entry.uplink.name} has ${data.careOfAddress}`,
          data,
        );
      if (after !== undefined) router.failover.hurry(now.monotonic);
      const adopted = before === undefined && isRegistered(entry) && router.active.entry === undefined;
      if (!adopted) this.resetPath(entry, now.monotonic);
    }
    router.requestForwarding();
  }

  /** The address that the kernel has for an uplink, whatever the uplink stands for. */
  ownAddress({ uplink: { name } }: Entry): Address | undefined {
    const found = this.#statuses.find(status => status.name === name);
    return found?.carrier ? found.careOfAddress : undefined;
  }

  /** The path is another one now; what was measured tells little, but the round-trip time is a good first guess. */
  resetPath(entry: Entry, now: number): void {
    const { rtt } = entry.prober;
    entry.prober = createProber(this.#router.config, entry.uplink, now, 'unknown');
    entry.width = new PathWidth();
    if (rtt !== undefined) entry.prober.sample(rtt);
    if (isRegistered(entry)) entry.binding!.refreshAt = now;
  }

  /** For people: since when each uplink is what it is. */
  noteStates(now: number): void {
    const { entries, home, homeAgents, registrar } = this.#router;
    const { terms, choice } = registrar;
    const sole = terms.multiple ? undefined : choice.sole();
    for (const entry of entries) {
      const reserve = home.holdsBindings || (sole !== undefined && entry !== sole);
      const state = uplinkState(entry, homeAgents.refused !== undefined, reserve);
      if (state === entry.state) continue;
      entry.state = state;
      entry.stateSince = now;
    }
  }

  #hasMoved(): boolean {
    return this.#router.entries.some(
      entry =>
        entry.place === 'foreign' &&
        mustMove(
          entry,
          this.#statuses.find(({ name }) => name === entry.uplink.name),
        ),
    );
  }

  #notePlace({ place, uplink: { name } }: Entry): void {
    const text = {
      foreign: `${name} is not on the home link any more`,
      home: `${name} is on the home link`,
      unused: `${name} is on the home link and is not used there`,
    };
    this.#router.event('notice', `uplink-${place}`, text[place], { uplink: name });
  }
}
