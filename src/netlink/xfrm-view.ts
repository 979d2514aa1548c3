/** What of the kernel's XFRM states and policies is ours, kept up to date by notifications. */
import type { NetlinkClient } from './client.ts';
import type { NetlinkError } from './error.ts';
import type { Message } from './message.ts';
import {
  dumpXfrmPolicies,
  dumpXfrmStates,
  type FoundXfrmState,
  type KernelXfrmPolicy,
  parseXfrmPolicy,
  parseXfrmState,
  XfrmType,
} from './xfrm.ts';
import { xfrmPolicyKey, xfrmStateKey } from './xfrm-key.ts';

interface Tables {
  readonly states: Map<string, FoundXfrmState>;
  readonly policies: Map<string, KernelXfrmPolicy>;
}

export interface XfrmOwner {
  /** Of our states. */
  readonly owner: number;
  /** Of our policies. */
  readonly priorities: { readonly first: number; readonly last: number };
}

export class XfrmView {
  readonly #ours: XfrmOwner;
  readonly #changed: (object: FoundXfrmState | KernelXfrmPolicy) => void;
  #tables: Tables = { states: new Map(), policies: new Map() };
  /** Filled by a dump under way; notifications go to both. */
  #fresh: Tables | undefined;
  #stale = false;

  /** @param changed hears of each object that a notification adds, changes or takes away; {@link resync} changes all */
  constructor(ours: XfrmOwner, changed: (object: FoundXfrmState | KernelXfrmPolicy) => void) {
    this.#ours = ours;
    this.#changed = changed;
  }

  get states(): ReadonlyMap<string, FoundXfrmState> {
    return this.#tables.states;
  }
  get policies(): ReadonlyMap<string, KernelXfrmPolicy> {
    return this.#tables.policies;
  }

  /** True when somebody has removed more than was told: call {@link resync}. */
  get stale(): boolean {
    return this.#stale;
  }

  /** Reads everything anew. Until all of it is there, the view shows what it showed before. */
  async resync(client: NetlinkClient): Promise<NetlinkError | undefined> {
    this.#stale = false;
    const fresh: Tables = { states: new Map(), policies: new Map() };
    this.#fresh = fresh;
    for (const request of [dumpXfrmStates, dumpXfrmPolicies]) {
      const error = await client.dump(request, message => {
        this.#enter(fresh, message);
      });
      if (error === undefined) continue;
      this.#fresh = undefined;
      this.#stale = true;
      return error;
    }
    this.#tables = fresh;
    this.#fresh = undefined;
    return undefined;
  }

  /** Takes a notification; true when something in the view changed. */
  notice(message: Message): boolean {
    if (message.type === XfrmType.flushStates || message.type === XfrmType.flushPolicies) this.#stale = true;
    if (this.#fresh !== undefined) this.#enter(this.#fresh, message);
    const changed = this.#enter(this.#tables, message);
    if (changed !== undefined) this.#changed(changed);
    return changed !== undefined;
  }

  #enter(
    { states, policies }: Tables,
    { type, body }: Message,
  ): FoundXfrmState | KernelXfrmPolicy | undefined {
    switch (type) {
      case XfrmType.newState:
      case XfrmType.updateState:
      case XfrmType.deleteState: {
        const found = parseXfrmState(type, body);
        if (found?.owner !== this.#ours.owner) return undefined;
        return put(states, xfrmStateKey(found), found, type !== XfrmType.deleteState);
      }
      case XfrmType.newPolicy:
      case XfrmType.updatePolicy:
      case XfrmType.deletePolicy: {
        const found = parseXfrmPolicy(type, body);
        const { first, last } = this.#ours.priorities;
        if (found === undefined || found.priority < first || found.priority > last) return undefined;
        return put(policies, xfrmPolicyKey(found), found, type !== XfrmType.deletePolicy);
      }
      default:
        return undefined;
    }
  }
}

function put<V>(table: Map<string, V>, key: string, value: V, present: boolean): V | undefined {
  if (present) table.set(key, value);
  else if (!table.delete(key)) return undefined;
  return value;
}
