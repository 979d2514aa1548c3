/**
 * What the daemon can be asked: one table for both transports, the control socket ({@link ../control.ts}) and the object
 * `kedge` on ubus. Arguments and results are JSON objects; results have the shapes that are stated here and in
 * `engine/status.ts`.
 */
import type { DiffReport, ForwardingChange } from '../engine/status.ts';
import type { JsonObject, JsonValue } from '../engine/types.ts';
import { changeText } from '../forwarding/change-text.ts';
import type { Change } from '../forwarding/diff.ts';
import type { ArgumentType } from '../ubus/client.ts';
import type { Fault } from '../uci/fault.ts';
import { equalAddress, formatAddress, parseAddress } from '../wire/address.ts';
import type { Daemon } from './daemon.ts';
import { listBindings, listPaths, listUplinks } from './lists.ts';

export type Answer =
  | { readonly ok: true; readonly result: JsonObject }
  /** `error`: a sentence for a person. */
  | { readonly ok: false; readonly error: string };

export interface Method {
  /** Each may be left out, or be null. */
  readonly takes: { readonly [argument: string]: ArgumentType };
  /** `given` has only what `takes` has, each of its type. */
  answer(daemon: Daemon, given: JsonObject): Answer | Promise<Answer>;
}

export const METHODS: { readonly [name: string]: Method } = {
  /** A `Status`. */
  status: { takes: {}, answer: daemon => result(daemon.status()) },
  /** `{bindings: BindingRow[]}`: the registered care-of addresses of all roles. */
  bindings: { takes: {}, answer: daemon => result({ bindings: listBindings(daemon.status()) }) },
  /** `{paths: PathRow[]}`: the tunnels, with what probing has found out about them. */
  paths: { takes: {}, answer: daemon => result({ paths: listPaths(daemon.status()) }) },
  /** `{uplinks: UplinkRow[]}`. */
  uplinks: { takes: {}, answer: daemon => result({ uplinks: listUplinks(daemon.status()) }) },
  /** A `HistoryReport` of the last `span` seconds, a day unless stated, of `router` or the first one. */
  history: { takes: { span: 'integer', router: 'string' }, answer: history },
  /** `{flows: FlowReport[]}`: of `node`, the name of a mobile router or peer, or of all. */
  flows: {
    takes: { node: 'string' },
    answer: async (daemon, { node }) => result({ flows: await daemon.flows(node as string | undefined) }),
  },
  /** A `WhyReport` about a packet from `source` to `destination`; `protocol` is a number, `port` that of the destination. */
  why: {
    takes: { source: 'string', destination: 'string', protocol: 'integer', port: 'integer' },
    answer: why,
  },
  /** A `DiffReport`. */
  diff: { takes: {}, answer: daemon => result(reportDiff(daemon.reconciler.pending())) },
  /** Without `uplink` (or with an empty one): back to priorities. Without `router`: all that have the uplink. `{}`. */
  prefer: { takes: { uplink: 'string', router: 'string' }, answer: prefer },
  /** Without `address`: the most preferred one. Without `router`: all that know the home agent. `{}`. */
  home_agent: { takes: { address: 'string', router: 'string' }, answer: useHomeAgent },
  /** For netifd's protocol handler: `interface` stands for the mobile network of `router`, or of the only one. `{}`. */
  attach: { takes: { interface: 'string', router: 'string' }, answer: attach },
  /** It does so no longer. `{}`. */
  detach: { takes: { interface: 'string' }, answer: detach },
  /** `{faults, warnings}`, each `{line, message}[]`. With faults the running configuration stays. */
  reload: { takes: {}, answer: daemon => verdict(daemon.reload()) },
  /** The same of a configuration that is not used: `text`, or the file as it is now. */
  check: { takes: { text: 'string' }, answer: (daemon, { text }) => verdict(daemon.check(text as string)) },
};

/** Never throws, whatever the request says. */
export function callMethod(daemon: Daemon, name: string, given: JsonObject): Answer | Promise<Answer> {
  if (!Object.hasOwn(METHODS, name)) return refusal(`there is no method ${JSON.stringify(name)}`);
  const method = METHODS[name]!;
  const values: Record<string, JsonValue> = {};
  for (const [argument, value] of Object.entries(given)) {
    if (!Object.hasOwn(method.takes, argument)) {
      return refusal(`${name} has no argument ${JSON.stringify(argument)}`);
    }
    const type = method.takes[argument]!;
    if (value === null) continue;
    if (!isOfType(value, type)) return refusal(`${name}: ${argument} must be of type ${type}`);
    values[argument] = value;
  }
  return method.answer(daemon, values);
}

function isOfType(value: JsonValue, type: ArgumentType): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'table':
      return typeof value === 'object' && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

const result = (value: object): Answer => ({ ok: true, result: value as JsonObject });
const refusal = (error: string): Answer => ({ ok: false, error });

const NOT_INSTALLED = 'not installed: on OpenWrt it is the package';

/** Seconds. */
const DAY = 86_400;

function history(daemon: Daemon, { span = DAY, router: name }: JsonObject): Answer {
  if ((span as number) <= 0) return refusal('span: expected seconds');
  if (daemon.history === undefined) return refusal(`${NOT_INSTALLED} kedge-monitoring`);
  const router = name as string | undefined;
  return unknownRouter(daemon, router) ?? result(daemon.history.report(span as number, router));
}

function why(daemon: Daemon, { source = '', destination = '', protocol, port }: JsonObject): Answer {
  const [from, to] = [source, destination].map(text => parseAddress(text as string));
  if (from === undefined || to === undefined) return refusal('source, destination: expected IPv6 addresses');
  const known = { protocol: protocol as number | undefined, port: port as number | undefined };
  if (daemon.why === undefined) return refusal(`${NOT_INSTALLED} kedge-policy`);
  const report = daemon.why(from, to, known);
  return report === undefined
    ? refusal(
        'neither is it from the mobile network of this router nor for that of a peer of this home agent',
      )
    : result(report);
}

/** A sentence when there is no mobile router of that name. */
function unknownRouter(daemon: Daemon, router: string | undefined): Answer | undefined {
  const names = daemon.routerNames();
  if (router === undefined || names.includes(router)) return undefined;
  return refusal(
    names.length > 0 ? `no such mobile router; there are ${names.join(', ')}` : 'there are no mobile routers',
  );
}

function prefer(daemon: Daemon, { uplink, router: name }: JsonObject): Answer {
  const wanted = uplink === '' ? undefined : (uplink as string | undefined);
  const router = name as string | undefined;
  const unknown = unknownRouter(daemon, router);
  if (unknown !== undefined) return unknown;
  const names = daemon.uplinkNames(router);
  if (wanted !== undefined && !names.includes(wanted)) {
    return refusal(
      names.length > 0 ? `no such uplink; there are ${names.join(', ')}` : 'there are no uplinks',
    );
  }
  daemon.prefer(wanted, router);
  return result({});
}

function useHomeAgent(daemon: Daemon, { address: text, router: name }: JsonObject): Answer {
  const router = name as string | undefined;
  const unknown = unknownRouter(daemon, router);
  if (unknown !== undefined) return unknown;
  const known = daemon.homeAgents(router);
  const wanted = text === undefined ? undefined : parseAddress(text as string);
  const address = known.find(candidate => wanted !== undefined && equalAddress(candidate, wanted));
  if (known.length === 0) return refusal('there are no home agents');
  if (text !== undefined && address === undefined) {
    return refusal(`no such home agent; there are ${known.map(formatAddress).join(', ')}`);
  }
  daemon.useHomeAgent(address, router);
  return result({});
}

function attach(daemon: Daemon, { interface: name = '', router }: JsonObject): Answer {
  const problem = daemon.attach(name as string, router as string | undefined);
  return problem === undefined ? result({}) : refusal(problem);
}

function detach(daemon: Daemon, { interface: name = '' }: JsonObject): Answer {
  daemon.detach(name as string);
  return result({});
}

function verdict(loaded: { readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] }): Answer {
  const plain = ({ line, message }: Fault) => ({ line, message });
  return result({ faults: loaded.faults.map(plain), warnings: loaded.warnings.map(plain) });
}

function reportDiff(changes: readonly Change[]): DiffReport {
  return {
    changes: changes.flatMap(change => changeText(change).map(text => ({ ...kindOf(change), text }))),
  };
}

const ACTIONS: Readonly<Record<string, ForwardingChange['action']>> = {
  add: 'add',
  delete: 'remove',
  change: 'change',
  replace: 'change',
};

function kindOf({ kind }: Change): Pick<ForwardingChange, 'action' | 'kind'> {
  const [what, how] = kind.split('-');
  return { action: ACTIONS[how!]!, kind: what as ForwardingChange['kind'] };
}
