/** What tshark 4.0.17 does wrong with Mobility Headers, or leaves out. Everything else that differs is a bug of ours. */
import { COMPLETE } from '../../../../../src/wire/complete-codec.ts';
import type { MessageOfKind } from '../../../../../src/wire/mobility-message.ts';
import type { MobilityOption, OptionOfKind } from '../../../../../src/wire/mobility-option.ts';
import { type Defect, Defects } from '../comparison.ts';

const unknown = (reason: string, ...kinds: Defect['kind'][]): Defect[] =>
  kinds.map(kind => ({ kind, effect: 'unknown', reason }));

const hidden = (kind: Defect['kind'], reason: string, ...paths: string[]): Defect[] =>
  paths.map(hides => ({ kind, effect: { hides }, reason }));

const chokesOnOption = <K extends MobilityOption['kind']>(
  kind: K,
  reason: string,
  chokesOn: (option: OptionOfKind<K>) => boolean,
): Defect => ({ kind, effect: { chokesOn }, reason });

/** The options whose length is taken to include type and length, and where the last field stands in the value. */
const twoShort = <K extends MobilityOption['kind']>(
  kind: K,
  field: string,
  data: (option: OptionOfKind<K>) => Uint8Array,
): Defect[] => [
  {
    kind,
    effect: { field, shows: right => right.slice(0, -4) },
    reason: 'shown two octets short: the length is taken to count the type and itself',
  },
  chokesOnOption(
    kind,
    'less than three octets are called malformed, or left out, for the same reason',
    option => data(option).length < 3,
  ),
];

export const messageDefects = new Defects([
  ...unknown(
    'MH Types 19 to 23 are not in its list',
    'update-notification',
    'update-notification-acknowledgement',
    'flow-binding',
    'subscription-query',
    'subscription-response',
  ),
  ...(['localized-routing-initiation', 'localized-routing-acknowledgment'] as const).map(
    (kind): Defect => ({
      kind,
      effect: 'misread',
      reason: 'the message data are read from the start of the Mobility Header, six octets too early',
    }),
  ),
  {
    kind: 'home-agent-switch',
    effect: 'rest misread',
    reason:
      'the length of the message is taken six octets too short: the end of an address is read as options',
  },
  ...hidden(
    'binding-update',
    'newer than what it knows: RFC 7161, RFC 8885',
    'separateMulticast',
    'distributed',
  ),
  ...hidden(
    'binding-acknowledgement',
    'newer than what it knows: RFC 7161, RFC 8885',
    'separateMulticast',
    'distributed',
  ),
  ...hidden('handover-initiate', 'the flags of RFC 5949 are not shown', 'proxy', 'forward'),
  ...hidden('handover-acknowledge', 'no flag is shown', 'buffer', 'proxy', 'forward'),
  {
    kind: 'opaque',
    effect: { chokesOn: ({ type }: MessageOfKind<'opaque'>) => type >= 8 && type <= 11 },
    reason: 'MH Types 8 to 11 are octets here, while it takes them apart',
  },
]);

export const optionDefects = new Defects([
  ...unknown(
    'options 43 to 45 and 56 to 70 are not dissected',
    'transient-binding',
    'flow-summary',
    'flow-identification',
    'active-multicast-subscription-ipv4',
    'active-multicast-subscription-ipv6',
    'quality-of-service',
    'lma-user-plane-address',
    'lma-controlled-mag-parameters',
    'mag-multipath-binding',
    'mag-identifier',
    'anchored-prefix',
    'local-prefix',
    'previous-maar',
    'serving-maar',
    'dlif-link-local-address',
    'dlif-link-layer-address',
  ),
  ...unknown('option 42 is named, but not dissected', 'mn-lla-iid'),
  ...hidden('binding-identifier', 'newer than what it knows: BID-PRI of RFC 6089', 'priority'),
  ...hidden('home-network-prefix', 'newer than what it knows: the L flag of RFC 7864', 'offLink'),
  ...twoShort('authentication', 'mip6.auth.auth_data', ({ data }) => data),
  ...twoShort('cga-parameters', 'mip6.cgar.cga_par', ({ parameters }) => parameters),
  ...twoShort('signature', 'mip6.sign.sign', ({ signature }) => signature),
  ...twoShort('permanent-home-keygen-token', 'mip6.phkt.phkt', ({ token }) => token),
  ...twoShort('care-of-test', 'mip6.mocot.co_keygen_tok', ({ keygenToken }) => keygenToken),
  ...twoShort('dns-update', 'mip6.dnsu.mn_id', ({ identity }) => identity),
  ...twoShort('experimental', 'mip6.em.data', ({ data }) => data),
  ...twoShort('vendor-specific', 'mip6.vsm.data', ({ data }) => data),
  ...hidden(
    'access-network-identifier',
    'of the sub-options of RFC 7563, and of unknown ones, only the type is shown',
    'identifiers.format',
    'identifiers.location',
    'identifiers.group',
    'identifiers.timer',
    'identifiers.data',
  ),
  {
    kind: 'access-network-identifier',
    effect: { remarks: 'ANI Type not dissect yet' },
    reason: 'the same sub-options',
  },
  chokesOnOption(
    'mn-identifier',
    'less than three octets are not shown',
    ({ identifier }) => identifier.length < 3,
  ),
  ...(['mn-identifier', 'service-selection', 'access-network-identifier'] as const).map(
    (kind): Defect => ({
      kind,
      effect: { remarks: 'Trailing stray characters' },
      reason: 'octets of any value are expected to be text',
    }),
  ),
  {
    kind: 'binding-authorization-data-fmipv6',
    effect: 'rest misread',
    reason:
      'the length is taken to count the SPI: the authenticator ends too early, and what follows begins there',
  },
  {
    kind: 'binding-authorization-data-fmipv6',
    effect: { field: 'mip6.badff.auth', shows: right => right.slice(0, -12) },
    reason: 'the same',
  },
  chokesOnOption(
    'binding-authorization-data-fmipv6',
    'an authenticator of no more than six octets is not shown, for the same reason',
    ({ authenticator }) => authenticator.length < 7,
  ),
  chokesOnOption(
    'context-request',
    'the data of a request for option 19 are octets here, while it takes them apart',
    ({ requests }) => requests.some(({ type }) => type === 19),
  ),
  {
    kind: 'context-request',
    effect: { remarks: 'Context Request (with option length = 2 bytes; should be' },
    reason: 'RFC 5949 §6.2.5 does not ask for a request',
  },
  {
    kind: 'access-network-identifier',
    effect: { remarks: 'Access Network Identifier (with option length = 0 bytes; should be' },
    reason: 'RFC 6757 §3 does not ask for a sub-option',
  },
  chokesOnOption(
    'opaque',
    'options 46 to 49 and malformed ones are octets here, while it takes them apart',
    ({ type }) => (type >= 46 && type <= 49) || COMPLETE.options.format(type) !== undefined,
  ),
  {
    kind: 'mag-ipv6-address',
    effect: { remarks: 'MAG IPv6 Address (with option length = 18 bytes; should be 16)' },
    reason: 'RFC 6705 §11.1 says 18',
  },
]);
