/** The way from the text of `/etc/config/kedge` to a configuration that the daemon can run with. */

import { type Prefix, subnetOf } from '../wire/address.ts';
import { type ReadFile, readAuth } from './association.ts';
import { agentClaim, checkCareOf, checkClaims, checkDevices, checkUnique, claimsOf } from './consistency.ts';
import { type Dialects, dialectOf, readDialects } from './dialect.ts';
import { parseDocument } from './document.ts';
import { type Fault, quoted } from './fault.ts';
import { buildFlows, checkMarks, markBits } from './flow.ts';
import { unicastAddress } from './option-type.ts';
import { SCHEMA, type SectionType } from './schema.ts';
import { type Reading, type Report, readSection, type Values } from './section-reader.ts';
import { suggestion } from './suggestion.ts';
import type {
  Config,
  CorrespondentConfig,
  HomeAgentConfig,
  HomeLinkConfig,
  Marks,
  MobileRouterConfig,
  PeerConfig,
  UplinkConfig,
} from './types.ts';

const DEFAULT_MARKS: Marks = { packet: 0xff000000, connection: 0xffff0000 };

/** Most mobile routers, and most uplinks of one, disabled ones included. */
const MOST_ROUTERS = 8;
const MOST_UPLINKS = 16;

export interface Loaded {
  /** Undefined exactly when there are faults. */
  readonly config: Config | undefined;
  /** In the order of their lines. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** The dialect sections by name; complete when there are no faults. */
  readonly dialects: Dialects;
}

/**
 * Reads and checks the whole configuration and reports everything that is wrong with it at once. Never throws.
 * `readFile` is asked for the files of `key_file`.
 */
export function loadConfig(
  source: { readonly file: string; readonly text: string },
  readFile: ReadFile,
): Loaded {
  const { file } = source;
  const document = parseDocument(file, source.text);
  const faults: Fault[] = [...document.faults];
  const warnings: Fault[] = [];
  const fault: Report = (line, message) => faults.push({ file, line, message });
  const warning: Report = (line, message) => warnings.push({ file, line, message });

  const sections: Sections = {
    globals: [],
    mobile_router: [],
    uplink: [],
    correspondent: [],
    home_agent: [],
    peer: [],
    dialect: [],
    flow: [],
  };
  for (const section of document.sections) {
    if (isSectionType(section.type)) {
      (sections[section.type] as Reading<SectionType>[]).push(readSection(section.type, section, fault));
    } else {
      const known = Object.keys(SCHEMA);
      const nearest = suggestion(section.type, known) || `; expected one of ${known.join(', ')}`;
      fault(section.line, `unknown section type ${quoted(section.type)}${nearest}`);
    }
  }

  const globals = theOnly(sections.globals, fault);
  const dialects = readDialects(sections.dialect, fault);
  const context: Context = { readFile, fault, warning, dialects };
  const settings = globals?.values as Values<'globals'> | undefined;
  const marks: Marks = {
    packet: settings?.mark_mask ?? DEFAULT_MARKS.packet,
    connection: settings?.connection_mark_mask ?? DEFAULT_MARKS.connection,
  };
  const config: Config = {
    logLevel: settings?.log_level ?? 'notice',
    rulePriority: settings?.rule_priority,
    marks,
    mobileRouters: buildMobileRouters(sections, marks, context),
    homeAgent: buildHomeAgent(sections.home_agent, sections.peer, context),
    correspondent: buildCorrespondent(sections.correspondent, fault),
  };
  const byLine = (a: Fault, b: Fault) => a.line - b.line;
  return {
    config: faults.length === 0 ? config : undefined,
    faults: faults.sort(byLine),
    warnings: warnings.sort(byLine),
    dialects,
  };
}

type Sections = { [T in SectionType]: Reading<T>[] };

interface Context {
  readonly readFile: ReadFile;
  readonly fault: Report;
  readonly warning: Report;
  readonly dialects: Dialects;
}

function isSectionType(type: string): type is SectionType {
  return Object.hasOwn(SCHEMA, type);
}

/** The enabled section; a second one is a fault. */
function theOnly<T extends SectionType>(
  sections: readonly Reading<T>[],
  fault: Report,
): Reading<T> | undefined {
  const [first, ...others] = sections.filter(section => section.enabled);
  for (const other of others) {
    fault(
      other.line,
      `${other.title}: ${first!.title} (line ${first!.line}) is in force already: expected one section of this type, or one enabled`,
    );
  }
  return first;
}

/*
 * The builders below run in spite of faults, to find the others: only when there are none, `values` is complete
 * and what they return is used. That is what their casts to Values<...> rely on.
 */

function buildMobileRouters(
  sections: Pick<Sections, 'mobile_router' | 'uplink' | 'flow'>,
  marks: Marks,
  context: Context,
): MobileRouterConfig[] {
  const { fault } = context;
  const { mobile_router: routers, uplink: uplinks, flow: flows } = sections;
  checkOwners(routers, uplinks, fault);
  checkOwners(routers, flows, fault);
  if (routers.length > MOST_ROUTERS) {
    const { title, line } = routers[MOST_ROUTERS]!;
    fault(line, `${title} is one too many: expected at most ${MOST_ROUTERS} mobile_router sections`);
  }
  const enabled = routers.filter(router => router.enabled);
  checkClaims(enabled.flatMap(routerClaims), fault);
  checkCareOf(
    enabled.flatMap(claimsOf),
    uplinks.filter(uplink => uplink.enabled),
    fault,
  );
  return enabled.map(router => buildMobileRouter(router, routers.indexOf(router), sections, marks, context));
}

function routerClaims(router: Reading<'mobile_router'>) {
  const { home_agent: agents = [] } = router.values;
  return [
    ...claimsOf(router),
    ...agents.flatMap((address, index) =>
      agentClaim(router.title, address, router.lineOf('home_agent', index)),
    ),
  ];
}

function buildMobileRouter(
  router: Reading<'mobile_router'>,
  slot: number,
  { uplink: uplinks, flow: flows }: Pick<Sections, 'uplink' | 'flow'>,
  marks: Marks,
  { readFile, fault, warning, dialects }: Context,
): MobileRouterConfig {
  const values = router.values as Values<'mobile_router'>;
  if (values.mode === 'implicit' && values.prefix.length === 0) {
    fault(router.lineOf('mode'), `${router.title}: mode 'implicit' without a prefix: expected list prefix`);
  }
  const auth = readAuth(router, readFile, fault, warning);
  const own = uplinks.filter(uplink => owns(router, uplink));
  const usable = own.filter(({ enabled }) => enabled).map(({ name }) => name);
  const policy = buildFlows(
    flows.filter(flow => owns(router, flow)),
    usable,
    fault,
  );
  checkMarks(policy, router, marks, fault);
  return {
    name: router.name,
    slot,
    homeAddress: values.home_address,
    homeAgents: values.home_agent,
    discovery: discoveryPrefix(router, fault),
    failoverAfter: values.failover_after,
    renumbering: values.renumbering,
    homePrefix: values.home_prefix ?? (values.home_address && subnetOf(values.home_address)),
    atHome: values.at_home,
    prefixes: values.prefix,
    mode: values.mode,
    lifetime: values.lifetime,
    registration: values.registration,
    registerOver: registerOver(router, own, fault),
    probe: values.probe,
    quality: values.quality,
    auth: auth!,
    identifier: values.identifier,
    dialect: dialectOf(router, dialects, fault),
    routeOptimization: values.route_optimization ? { correspondents: values.correspondent } : undefined,
    uplinks: buildUplinks(router, own, fault),
    flows: policy,
    mostLanes: 2 ** markBits(marks.packet) - 1,
  };
}

/** Where home agents are asked for; undefined: nowhere. */
function discoveryPrefix(router: Reading<'mobile_router'>, fault: Report): Prefix | undefined {
  const { discover, home_prefix: prefix, home_address: home } = router.values;
  if (discover === true) return prefix ?? (home && subnetOf(home));
  if (!router.has('home_agent')) {
    fault(
      router.line,
      `${router.title}: option 'home_agent' is missing: expected ${unicastAddress.accepts}, or option discover '1'`,
    );
  }
  return undefined;
}

function buildCorrespondent(
  sections: readonly Reading<'correspondent'>[],
  fault: Report,
): CorrespondentConfig | undefined {
  const section = theOnly(sections, fault);
  if (section === undefined) return undefined;
  const { mobile_node, max_bindings, several } = section.values as Values<'correspondent'>;
  return { name: section.name, mobileNodes: mobile_node, maxBindings: max_bindings, multiple: several };
}

/** The name of an uplink of the router. */
function registerOver(
  router: Reading<'mobile_router'>,
  uplinks: readonly Reading<'uplink'>[],
  fault: Report,
): string | undefined {
  const { register_over: name } = router.values;
  const names = uplinks.filter(({ enabled }) => enabled).map(uplink => uplink.name);
  if (name !== undefined && !names.includes(name)) {
    const nearest = suggestion(name, names) || '; expected the name of an enabled uplink section';
    fault(router.lineOf('register_over'), `${router.title}: there is no uplink ${quoted(name)}${nearest}`);
  }
  return name;
}

type Owned = Reading<'uplink'> | Reading<'flow'>;

const ownersOf = ({ values }: Owned): readonly (string | undefined)[] => values.mobile_router ?? [];

/** An uplink or flow belongs to the mobile routers that it names, or to all. */
const owns = (router: Reading<'mobile_router'>, section: Owned): boolean =>
  !section.has('mobile_router') || ownersOf(section).includes(router.name);

function checkOwners(
  routers: readonly Reading<'mobile_router'>[],
  sections: readonly Owned[],
  fault: Report,
): void {
  const names = routers.map(router => router.name);
  for (const uplink of sections) {
    for (const [index, owner] of ownersOf(uplink).entries()) {
      if (owner === undefined || names.includes(owner)) continue;
      const nearest = suggestion(owner, names) || `; expected the name of a mobile_router section`;
      fault(
        uplink.lineOf('mobile_router', index),
        `${uplink.title}: there is no mobile_router ${quoted(owner)}${nearest}`,
      );
    }
    if (!uplink.has('mobile_router') && routers.length === 0 && uplink.enabled) {
      fault(
        uplink.line,
        `${uplink.title}: there is no mobile_router section: expected one for it to belong to`,
      );
    }
  }
}

/**
 * Priorities and binding identifiers that are not given follow from the position among all uplinks of the router,
 * so that disabling one of them renumbers nothing.
 */
function buildUplinks(
  router: Reading<'mobile_router'>,
  sections: readonly Reading<'uplink'>[],
  fault: Report,
): UplinkConfig[] {
  if (sections.length > MOST_UPLINKS) {
    fault(
      sections[MOST_UPLINKS]!.line,
      `${router.title} has ${sections.length} uplinks: expected at most ${MOST_UPLINKS}`,
    );
  }
  const uplinks = [];
  for (const [index, section] of sections.entries()) {
    if (!section.enabled) continue;
    const values = section.values as Values<'uplink'>;
    const { device, interface: name, care_of, priority, bid, metered } = values;
    if (section.has('device') === section.has('interface')) {
      fault(
        section.has('device') ? section.lineOf('interface') : section.line,
        `${section.title}: expected either option interface 'NAME' or option device 'NAME'`,
      );
    }
    uplinks.push({
      section,
      name: section.name,
      device: device ?? '',
      interface: name,
      careOf: care_of,
      priority: priority ?? index + 1,
      bid: bid ?? index + 1,
      ...(metered && { metered }),
      limits: limitsOf(values),
    });
  }
  if (uplinks.length === 0) {
    fault(
      router.line,
      `${router.title} has no enabled uplink: expected at least one section config uplink 'NAME'`,
    );
  }
  checkDevices(uplinks, fault);
  for (const option of ['priority', 'bid'] as const) {
    const identities = uplinks.map(uplink => ({
      owner: uplink.section.title,
      line: uplink.section.lineOf(option),
      value: uplink[option],
    }));
    checkUnique(option, identities, fault);
  }
  return uplinks.map(({ section: _, ...uplink }) => uplink);
}

function limitsOf({ max_rtt: rtt, max_jitter: jitter, max_loss: percent }: Values<'uplink'>) {
  if (rtt === undefined && jitter === undefined && percent === undefined) return undefined;
  return {
    ...(rtt === undefined ? {} : { rtt }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(percent === undefined ? {} : { loss: percent / 100 }),
  };
}

function buildHomeAgent(
  agents: readonly Reading<'home_agent'>[],
  peers: readonly Reading<'peer'>[],
  context: Context,
): HomeAgentConfig | undefined {
  const { fault, warning } = context;
  const agent = theOnly(agents, fault);
  const served = peers.filter(peer => peer.enabled);
  if (agents.length === 0 && served.length > 0) {
    fault(
      served[0]!.line,
      `${served[0]!.title}: there is no home_agent section: expected one that serves the peer`,
    );
  }
  checkClaims([...(agent === undefined ? [] : homeAgentClaims(agent)), ...served.flatMap(claimsOf)], fault);
  checkUnique(
    'identifier',
    served.map(peer => ({
      owner: peer.title,
      line: peer.lineOf('identifier'),
      value: peer.values.identifier,
    })),
    fault,
  );
  const built = served.map(peer => buildPeer(peer, context));
  if (agent === undefined) return undefined;
  if (served.length === 0)
    warning(agent.line, `${agent.title}: no enabled peer section: nobody can register`);
  const values = agent.values as Values<'home_agent'>;
  return {
    name: agent.name,
    address: values.address,
    maxLifetime: values.max_lifetime,
    probe: values.probe,
    preference: values.preference,
    peerHomeAgents: values.peer_home_agent,
    homePrefixes: values.home_prefix,
    homeLink: buildHomeLink(agent, fault),
    peers: built,
  };
}

function homeAgentClaims(agent: Reading<'home_agent'>) {
  const { address, peer_home_agent: peers = [] } = agent.values;
  return [
    ...agentClaim(agent.title, address, agent.lineOf('address')),
    ...peers.flatMap((peer, index) =>
      agentClaim(agent.title, peer?.address, agent.lineOf('peer_home_agent', index)),
    ),
  ];
}

function buildHomeLink(agent: Reading<'home_agent'>, fault: Report): HomeLinkConfig | undefined {
  const {
    home_link: device,
    home_prefix: prefixes,
    home_binding: homeBinding,
  } = agent.values as Values<'home_agent'>;
  if (agent.has('home_link') && !agent.has('home_prefix')) {
    fault(
      agent.lineOf('home_link'),
      `${agent.title}: 'home_link' stands alone: expected list home_prefix beside it`,
    );
  }
  return device === undefined ? undefined : { device, prefixes, homeBinding };
}

function buildPeer(peer: Reading<'peer'>, { readFile, fault, warning, dialects }: Context): PeerConfig {
  const values = peer.values as Values<'peer'>;
  const auth = readAuth(peer, readFile, fault, warning);
  return {
    name: peer.name,
    homeAddress: values.home_address,
    prefixes: values.prefix,
    auth: auth!,
    identifier: values.identifier,
    dialect: dialectOf(peer, dialects, fault),
    maxBindings: values.max_bindings,
    symmetric: values.symmetric,
    maxFlows: values.flow_bindings ? values.max_flows : 0,
    multiple: values.multiple,
  };
}
