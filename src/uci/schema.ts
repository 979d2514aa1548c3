/**
 * Every section and option of `/etc/config/kedge`, stated once. The reader, the messages and the tables of
 * `docs/configuration.md` (checked by a test) follow from it. Rules that bind several options or sections
 * together stand in `consistency.ts`.
 */
import { REGISTRIES } from '../wire/draft/dialect.ts';
import {
  addressOrPrefix,
  dscp,
  macAddress,
  markMask,
  maskedMark,
  portRange,
  protocol,
  weightedUplink,
} from './flow-type.ts';
import {
  absolutePath,
  deviceName,
  flag,
  integer,
  interfaceName,
  networkAccessIdentifier,
  networkPrefix,
  type OptionType,
  octetCount,
  oneOf,
  peerHomeAgent,
  sectionName,
  sharedKey,
  unicastAddress,
} from './option-type.ts';

/** `required`: must be given; `optional`: may be missing, then `fallback` holds (undefined: none). */
export interface OptionSpec<T = unknown> {
  readonly type: OptionType<T>;
  readonly form: 'required' | 'optional' | 'list';
  /** The value when the option is missing, as it would be written. */
  readonly fallback?: string;
  /** What the documentation says instead of the fallback. */
  readonly fallbackText?: string;
  readonly doc: string;
}

export interface SectionSpec {
  readonly doc: string;
  /** Undefined: a name is not wanted, but does no harm. */
  readonly name?: { readonly pattern: RegExp; readonly accepts: string };
  readonly options: { readonly [name: string]: OptionSpec };
}

interface Required<T> extends OptionSpec<T> {
  readonly form: 'required';
}
interface Defaulted<T> extends OptionSpec<T> {
  readonly form: 'optional';
  readonly fallback: string;
}
interface Optional<T> extends OptionSpec<T> {
  readonly form: 'optional';
}
interface List<T> extends OptionSpec<T> {
  readonly form: 'list';
}

/** The value of an option in a section without faults. */
export type ValueOf<S> =
  S extends List<infer T>
    ? readonly T[]
    : S extends Required<infer T> | Defaulted<infer T>
      ? T
      : S extends Optional<infer T>
        ? T | undefined
        : never;

declare const KEDGE_BUNDLED: boolean;
/** What only the documentation says is not in the bundle. */
const prose = (text: string): string => (typeof KEDGE_BUNDLED === 'undefined' ? text : '');

const required = <T>(type: OptionType<T>, doc: string): Required<T> => ({
  type,
  form: 'required',
  doc: prose(doc),
});
const defaulted = <T>(type: OptionType<T>, fallback: string, doc: string): Defaulted<T> => ({
  type,
  form: 'optional',
  fallback,
  doc: prose(doc),
});
const optional = <T>(type: OptionType<T>, fallbackText: string, doc: string): Optional<T> => ({
  type,
  form: 'optional',
  fallbackText: prose(fallbackText),
  doc: prose(doc),
});
const list = <T>(type: OptionType<T>, doc: string): List<T> => ({ type, form: 'list', doc: prose(doc) });

/** Longest Binding Update lifetime: 16 bits of 4 seconds (RFC 6275 §6.1.7). */
const LONGEST_LIFETIME = 262_140;
const lifetime = integer(12, LONGEST_LIFETIME, 4);
/** A number for what an Internet-Draft left without one. */
const draftNumber = (registry: keyof typeof REGISTRIES, doc: string) => {
  const { what, free } = REGISTRIES[registry];
  return optional({ ...integer(0, 255), accepts: `${what} ${free}` }, 'none: not spoken', doc);
};
const probe = oneOf('fast', 'normal', 'saver');
const anyName = { pattern: /^\w{1,32}$/, accepts: '1 to 32 of the characters A-Z a-z 0-9 _' };

/** What both ends of a registration state about the other one. */
const association = {
  auth: defaulted(
    oneOf('rfc4285', 'none'),
    'rfc4285',
    'How registrations are authenticated. `none` accepts and sends them unauthenticated: only where IPsec protects them or in a closed network; status and log warn about it',
  ),
  spi: optional(
    { ...integer(256, 4_294_967_295), secret: true },
    "none; required with `auth 'rfc4285'`",
    'Mobility SPI, the number of the shared key (RFC 4285); the same at both ends',
  ),
  key: optional(
    sharedKey,
    "none; this or `key_file` is required with `auth 'rfc4285'`",
    'The shared key; the same at both ends',
  ),
  key_file: optional(
    absolutePath,
    'none',
    'A file with the shared key on its only line, in the form of `key`',
  ),
  replay: defaulted(
    oneOf('timestamp', 'sequence'),
    'timestamp',
    'Protection against replayed messages: RFC 4285 time stamps (both clocks within seconds of each other), or RFC 6275 sequence numbers alone',
  ),
  identifier: optional(
    networkAccessIdentifier,
    'none: not sent, not checked',
    'Identity of the mobile router (RFC 4283); the same at both ends',
  ),
  dialect: optional(
    sectionName,
    'none: RFCs only',
    'The `dialect` section with what the other end speaks of Internet-Drafts',
  ),
};

export const SCHEMA = {
  globals: {
    doc: prose('Settings of the daemon as a whole. At most one section.'),
    options: {
      log_level: defaulted(
        oneOf('error', 'warning', 'notice', 'info', 'debug'),
        'notice',
        'The least important messages to log',
      ),
      rule_priority: defaulted(
        integer(1, 32_666),
        '900',
        'The first of the hundred priorities of the `ip -6 rule`s of kedge. They must come before whatever else routes by source or mark: mwan3 has 1000 to 3999, `ip6table` of netifd 10000 and above, pbr 29990 to 30000',
      ),
      mark_mask: defaulted(
        markMask(2, 16),
        '0xff000000',
        "The bits of packets' firewall marks that kedge uses where there are `flow` sections or flow bindings, for the lanes of [flows](#flows). The default leaves mwan3 (0x3f00) and pbr (0xff0000) alone",
      ),
      connection_mark_mask: defaulted(
        markMask(10, 24),
        '0xffff0000',
        "The bits of connections' marks that kedge uses there",
      ),
    },
  },
  mobile_router: {
    doc: prose(
      'A router with a mobile network behind it, or a single host. Several sections give the host several home addresses, each with home agents, keys and prefixes of its own.',
    ),
    name: anyName,
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      home_address: required(unicastAddress, 'The address that stays, whatever the uplinks do'),
      home_agent: list(
        unicastAddress,
        "The anchor's address; several in order of preference: the next one is tried when one fails",
      ),
      discover: defaulted(
        flag,
        '0',
        'Whether home agents are also asked for with Dynamic Home Agent Address Discovery (RFC 6275 §11.4.1): at a start without `home_agent`, and when all that are known have failed',
      ),
      home_prefix: optional(
        networkPrefix,
        'the /64 of `home_address`',
        'The prefix of the home network, whose home agents are asked for. Where it is on the link of an uplink, and holds the home address, the router is at home',
      ),
      at_home: defaulted(
        oneOf('return', 'direct', 'stay-away', 'both'),
        'return',
        'What to do when an uplink is on the home link: `return` removes all registrations and uses the home address there, `direct` does too but keeps those at correspondents (RFC 5648 §5.5.1), `stay-away` leaves that uplink unused, `both` registers it beside the others (RFC 5648 §5.6), or returns if the anchor does not agree',
      ),
      renumbering: defaulted(
        oneOf('report', 'follow', 'adopt'),
        'report',
        'When the home agent says which prefixes the home network has (RFC 6275 §11.4.3), which is not authenticated: `report` it, in status and log; `follow`, and ask for no lifetime beyond that of the home address; or `adopt` a home address in each new one: see [renumbering](#renumbering-of-the-home-network)',
      ),
      failover_after: defaulted(
        integer(2, 600),
        '6',
        'With several home agents: seconds without any answer, over all uplinks that are there, after which the next one is tried',
      ),
      prefix: list(networkPrefix, 'A mobile network prefix (RFC 3963); none for a single host'),
      delegation: defaulted(
        flag,
        '0',
        'Whether the home agent delegates the mobile network prefixes (RFC 6276), in place of `prefix`: see [delegated prefixes](#delegated-prefixes)',
      ),
      mode: defaulted(
        oneOf('explicit', 'implicit', 'auto'),
        'explicit',
        'Whether the prefixes are sent in registrations, or the anchor knows them (RFC 3963 §5.2). `auto` begins with `explicit` and changes to the other one where no home agent takes the prefixes like that',
      ),
      lifetime: defaulted(lifetime, '600', 'Lifetime of a binding to ask for, in seconds'),
      registration: defaulted(
        oneOf('single', 'bulk', 'alone-first', 'regular'),
        'single',
        'A Binding Update for each uplink, or one for several (RFC 5648 §5.3); with `alone-first` each new care-of address by itself and one message for the refreshes; or only the best uplink, without binding identifier (RFC 6275)',
      ),
      register_over: optional(
        sectionName,
        'each by its own uplink',
        'The `uplink` section that all Binding Updates leave by while it can be used, e.g. because the others are slow or dear',
      ),
      probe: defaulted(probe, 'normal', 'How closely the paths are watched'),
      quality: defaulted(
        oneOf('strict', 'normal', 'off'),
        'normal',
        'How bad an uplink may become before it is left while another one is fit: see [quality](#path-quality)',
      ),
      route_optimization: defaulted(
        flag,
        '1',
        'Whether packets to and from correspondents that know how go directly (RFC 6275 §11.6), where the kernel can do it: `kedge status` says why if it cannot. It tells correspondents where the router is',
      ),
      correspondent: list(
        unicastAddress,
        'A correspondent with which that is kept up whether or not there is traffic',
      ),
      direct_after: defaulted(
        integer(0, 1_000_000),
        '0',
        'Packets in a minute, through the tunnel from one address to the home address, that make it a correspondent for as long as there is traffic (RFC 6275 §11.7.2); 0: only those of `correspondent` are',
      ),
      direct_except: list(
        networkPrefix,
        'Addresses that traffic does not make correspondents, e.g. as they shall not learn where the router is',
      ),
      ...association,
    },
  },
  uplink: {
    doc: prose(
      "An access of the mobile router. The section's name becomes part of the tunnel's name, `kdg-NAME`.",
    ),
    name: { pattern: /^[a-z0-9_]{1,11}$/, accepts: '1 to 11 of the characters a-z 0-9 _' },
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      interface: optional(
        interfaceName,
        'none; this, `device` or `through` is required',
        'The logical interface of OpenWrt (`config interface` in `/etc/config/network`), whose network device is used as long as it is up, whatever that device is called',
      ),
      device: optional(deviceName, 'none; this, `interface` or `through` is required', 'The network device'),
      through: optional(
        sectionName,
        'none',
        "In place of a device: another `mobile_router` section, whose home address is the care-of address. Packets go the way of that one's, at home as abroad. Of two that go through each other, the one that is not bound so yet waits",
      ),
      care_of: optional(
        networkPrefix,
        'any address',
        'Prefix that the care-of address must be of. With different prefixes several uplinks can share a device: a link with several prefixes gives several care-of addresses',
      ),
      priority: optional(
        integer(1, 125),
        'position among the uplinks of its mobile router, from 1',
        'The live uplink with the lowest value carries the traffic',
      ),
      bid: optional(
        integer(1, 65_535),
        'position among the uplinks of its mobile router, from 1',
        'Binding identifier (RFC 5648)',
      ),
      metered: defaulted(
        flag,
        '0',
        'Traffic costs money: it is used when no other uplink can be, or where a `flow` names it',
      ),
      budget: optional(
        octetCount,
        'none',
        'What the device may carry in a month, received and sent, whoever it is for; then the uplink carries only what no other one can, until `reset_day`: see [monthly budget](#monthly-budget)',
      ),
      reset_day: defaulted(
        integer(1, 31),
        '1',
        'Day of the month, from midnight local time, that the count begins anew with; in a shorter month the last one',
      ),
      over_budget: defaulted(
        oneOf('last', 'off'),
        'last',
        'What an uplink with a used-up budget is for: the `last` resort, or nothing (`off`: it is not even registered)',
      ),
      max_rtt: optional(
        integer(1, 60_000),
        'that of `quality`',
        'Longest round trip of a good probe, in milliseconds',
      ),
      max_jitter: optional(
        integer(1, 60_000),
        'that of `quality`',
        'How much longer than usual the round trip of a good probe may be, in milliseconds',
      ),
      max_loss: optional(
        integer(1, 100),
        'that of `quality`',
        'Percent of the probes that may be bad or lost; with 100 the uplink is not judged',
      ),
      mobile_router: list(sectionName, 'A `mobile_router` section that uses it; without it all of them do'),
    },
  },
  flow: {
    doc: prose(
      'Packets from the mobile network that go another way than the rest, and the answers to them. The order of the sections is their priority: the first one that fits decides. A section without criteria is for all the rest. Of each criterion that is given, one value must fit.',
    ),
    name: anyName,
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      mobile_router: list(
        sectionName,
        'A `mobile_router` section that it is for; without it all of them do as it says',
      ),
      src: list(addressOrPrefix, 'Addresses in the mobile network'),
      mac: list(
        macAddress,
        'A device in the mobile network, by its hardware address. Only the router sees it: see `symmetric` of `peer`',
      ),
      dest: list(addressOrPrefix, 'Addresses outside of the mobile network'),
      proto: list(protocol, 'Upper-layer protocol'),
      src_port: list(
        portRange,
        "Ports of the mobile network's end. Without `proto`: of TCP, UDP, SCTP, DCCP and UDP-Lite",
      ),
      dest_port: list(portRange, 'Ports of the other end'),
      dscp: list(dscp, 'Differentiated Services code point'),
      mark: optional(
        maskedMark,
        'any',
        'Firewall mark from other software, set before priority `mangle + 5`. Only the router sees it',
      ),
      action: defaulted(
        oneOf('prefer', 'balance', 'replicate', 'drop'),
        'prefer',
        'What is done: the first live uplink of the list; a share of the flows for each, by weight, and when one dies only its flows move; with `replicate` each packet over all of the list at once, of which the far end keeps the first copy; or nothing leaves',
      ),
      uplink: list(
        weightedUplink,
        "An uplink, in order of preference; with `balance` 'NAME WEIGHT'. When none of them lives, packets go as if there were no such section",
      ),
      only: defaulted(
        flag,
        '0',
        'Never any other uplink than those of the list: without them the flow is unreachable',
      ),
      avoid: list(sectionName, 'An uplink that is never taken'),
      per: defaulted(
        oneOf('flow', 'packet'),
        'flow',
        'What `balance` divides: flows, or packets, which then arrive out of order',
      ),
      quality: defaulted(
        flag,
        '0',
        'Sensitive to quality: it leaves an uplink that has become bad before others do',
      ),
    },
  },
  correspondent: {
    doc: prose(
      'A host that mobile nodes reach without the detour over their home agents (RFC 6275 §9), where the kernel can do it: `kedge status` says why if it cannot. At most one enabled section.',
    ),
    name: anyName,
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      mobile_node: list(networkPrefix, 'Home addresses that may have bindings; without it all of them'),
      max_bindings: defaulted(integer(1, 100_000), '1000', 'Bindings at a time'),
      several: defaulted(flag, '1', 'Whether a home address may have several care-of addresses (RFC 5648)'),
      max_flows: defaulted(
        integer(0, 128),
        '16',
        'Flow bindings (RFC 6089) that a home address may have at a time, each for one of its care-of addresses; 0 refuses them',
      ),
      dialect: optional(
        sectionName,
        'none: RFCs only',
        'The `dialect` section with what mobile nodes speak of Internet-Drafts',
      ),
    },
  },
  home_agent: {
    doc: prose('The anchor of mobile routers. One enabled section at a time; it serves all `peer` sections.'),
    name: anyName,
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      address: required(unicastAddress, 'The address that mobile routers register with'),
      max_lifetime: defaulted(lifetime, '3600', 'Longest lifetime of a binding that is granted, in seconds'),
      probe: defaulted(probe, 'fast', 'How closely the paths are watched'),
      verify: defaulted(
        flag,
        '0',
        'Whether traffic goes to a care-of address only once it has answered a probe (RFC 5648 §10). A peer that answers none (RFC 5847) gets nothing then',
      ),
      preference: defaulted(
        integer(0, 65_535),
        '0',
        'Its place among the home agents of the home network, the highest first (RFC 6275 §7.4)',
      ),
      peer_home_agent: list(
        peerHomeAgent,
        'Another home agent of the home network that mobile routers are told of, and its preference. Its `peer` sections must be the same: home agents do not exchange bindings',
      ),
      delegation_lifetime: defaulted(
        integer(240, 31_536_000),
        '86400',
        'How long a delegated prefix is valid, in seconds, unless it is asked for again; it is preferred for half of that, and asked for after a quarter',
      ),
      watch: list(
        unicastAddress,
        'A host on the Internet that is asked for an echo each second. When none of the list has answered for 5 s, the home agent falls silent to its mobile routers, so that they go to another one of theirs; without effect until one has answered',
      ),
      home_link: optional(
        deviceName,
        'none: the home network is virtual',
        'The network device of the home link, where home addresses are tested for duplicates and defended',
      ),
      home_prefix: list(
        networkPrefix,
        'A prefix of the home network, for which home agent discovery is answered. With `home_link` it is a prefix of that link: a home address in it is on-link',
      ),
      home_binding: defaulted(
        oneOf('proxy', 'direct', 'none'),
        'proxy',
        'For a peer that is at home and abroad at once (RFC 5648 §5.6): `proxy` goes on defending its home address on the home link, `direct` leaves that to the peer (only where the home agent is the only router there), `none` refuses it',
      ),
    },
  },
  peer: {
    doc: prose('A mobile router that the home agent serves.'),
    name: anyName,
    options: {
      enabled: defaulted(flag, '1', 'Whether the section is in force'),
      home_address: required(unicastAddress, "The mobile router's home address"),
      prefix: list(networkPrefix, 'A mobile network prefix that it may register; no other is accepted'),
      delegation: defaulted(
        flag,
        '0',
        'Whether its prefixes are delegated to it when it asks for them (RFC 6276): see [delegated prefixes](#delegated-prefixes)',
      ),
      network: defaulted(
        flag,
        '1',
        'Whether it may have a mobile network: otherwise it is served as a mobile host, and refused as a router with status 140',
      ),
      renumbering: defaulted(
        flag,
        '0',
        'Whether it may also have the home address with the same interface identifier in every other `home_prefix` of the home agent, and move its prefixes there: see [renumbering](#renumbering-of-the-home-network)',
      ),
      max_bindings: defaulted(integer(1, 64), '8', 'Uplinks that it may have registered at a time'),
      flow_bindings: defaulted(
        flag,
        '1',
        'Whether it may say which of its flows come by which uplink (RFC 6089); otherwise flow bindings are refused with status 128',
      ),
      max_flows: defaulted(
        integer(1, 1000),
        '128',
        'Flow bindings that it may have at a time. One Binding Update within 1280 octets can keep about 400',
      ),
      symmetric: optional(
        flag,
        'for peers that have flow bindings',
        'Whether connections that no flow binding (RFC 6089) matches come back by the path that they go by, so that rules which only the router can see (`mac`, `mark`, `balance`) hold in both directions. It takes connection tracking',
      ),
      multiple: defaulted(
        oneOf('bulk', 'single', 'refused', 'ignored'),
        'bulk',
        'Several care-of addresses (RFC 5648): also several in one Binding Update; only one in each, others are refused with status 168; refused with status 166; or taken as if the binding identifier were not there, so that the latest one counts',
      ),
      ...association,
    },
  },
  dialect: {
    doc: prose(
      'What a peer speaks of Internet-Drafts, which never got numbers from IANA: the numbers that both ends agree upon. Each only once among those of its kind.',
    ),
    name: anyName,
    options: {
      monami6_binding_identifier: draftNumber(
        'options',
        'Binding Unique Identifier sub-option (draft-ietf-monami6-multiplecoa-00 §4.3.1)',
      ),
      load_balancing: draftNumber(
        'options',
        'Load balancing mobility option (draft-montavont-mip6-mmi-02 §7.1)',
      ),
      muho: draftNumber('options', 'MuHo option (draft-bernardos-mif-pmip-02 §5.2.1)'),
      alternative_interface_indicator: draftNumber(
        'options',
        'Alternative Interface Indicator (draft-xia-netext-flow-binding-00 §8.1)',
      ),
      generic_signaling_request: draftNumber(
        'messages',
        'Generic Signaling Request (draft-ietf-mext-generic-signaling-message-00)',
      ),
      generic_signaling_acknowledgement: draftNumber(
        'messages',
        'Generic Signaling Acknowledgement (draft-ietf-mext-generic-signaling-message-00)',
      ),
    },
  },
} as const satisfies { readonly [type: string]: SectionSpec };

export type SectionType = keyof typeof SCHEMA;
export type OptionsOf<T extends SectionType> = (typeof SCHEMA)[T]['options'];
