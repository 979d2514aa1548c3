/** The DHCPv6 options that prefix delegation takes (RFC 8415 §21). */
import { u16List } from '../layout/lists.ts';
import { u8, u16, u32 } from '../layout/numbers.ts';
import { prefix, rest } from '../layout/octets.ts';
import { layout } from '../layout/part.ts';
import { type OpaqueOption, type OptionOf, option } from '../option-format.ts';
import { OptionList, optionsIn } from './option-list.ts';

/** Octets of a DUID with its type (§11.1). */
const DUID = [3, 130] as const;

const statusCode = option({
  type: 13,
  kind: 'status-code',
  name: 'Status Code',
  section: 'RFC 8415 §21.13',
  layout: layout(u16('status'), rest('message')),
});

const IN_PREFIX = [statusCode] as const;

/** Lifetimes in seconds; 0xffffffff: for ever. */
const iaPrefix = option({
  type: 26,
  kind: 'ia-prefix',
  name: 'IA Prefix',
  section: 'RFC 8415 §21.22',
  layout: layout(
    u32('preferredLifetime'),
    u32('validLifetime'),
    prefix('prefix'),
    optionsIn(new OptionList<OptionOf<(typeof IN_PREFIX)[number]>>(IN_PREFIX)),
  ),
});

const IN_ASSOCIATION = [iaPrefix, statusCode] as const;

/** An association of prefixes. T1 and T2, when they are to be renewed and rebound, in seconds; 0: as the client likes. */
const iaPd = option({
  type: 25,
  kind: 'ia-pd',
  name: 'Identity Association for Prefix Delegation',
  section: 'RFC 8415 §21.21',
  layout: layout(
    u32('iaid'),
    u32('t1'),
    u32('t2'),
    optionsIn(new OptionList<OptionOf<(typeof IN_ASSOCIATION)[number]>>(IN_ASSOCIATION)),
  ),
});

/** IANA "DHCPv6 Option Codes", by number. */
const IN_MESSAGE = [
  option({
    type: 1,
    kind: 'client-id',
    name: 'Client Identifier',
    section: 'RFC 8415 §21.2',
    layout: layout(rest('duid', ...DUID)),
  }),
  option({
    type: 2,
    kind: 'server-id',
    name: 'Server Identifier',
    section: 'RFC 8415 §21.3',
    layout: layout(rest('duid', ...DUID)),
  }),
  option({
    type: 6,
    kind: 'option-request',
    name: 'Option Request',
    section: 'RFC 8415 §21.7',
    layout: layout(u16List('codes')),
  }),
  option({
    type: 7,
    kind: 'preference',
    name: 'Preference',
    section: 'RFC 8415 §21.8',
    layout: layout(u8('preference')),
  }),
  /** In hundredths of a second. */
  option({
    type: 8,
    kind: 'elapsed-time',
    name: 'Elapsed Time',
    section: 'RFC 8415 §21.9',
    layout: layout(u16('elapsed')),
  }),
  /** A whole message, within that of a relay agent. */
  option({
    type: 9,
    kind: 'relay-message',
    name: 'Relay Message',
    section: 'RFC 8415 §21.10',
    layout: layout(rest('message')),
  }),
  statusCode,
  option({
    type: 14,
    kind: 'rapid-commit',
    name: 'Rapid Commit',
    section: 'RFC 8415 §21.14',
    layout: layout(),
  }),
  /** Of a relay agent, which gets it back unread. */
  option({
    type: 18,
    kind: 'interface-id',
    name: 'Interface-Id',
    section: 'RFC 8415 §21.18',
    layout: layout(rest('interfaceId', 1)),
  }),
  iaPd,
  /** In seconds. */
  option({
    type: 82,
    kind: 'sol-max-rt',
    name: 'SOL_MAX_RT',
    section: 'RFC 8415 §21.24',
    layout: layout(u32('solMaxRt')),
  }),
] as const;

type StructuredOption = OptionOf<(typeof IN_MESSAGE)[number]>;
export type Dhcpv6Option = StructuredOption | OpaqueOption;
export type Dhcpv6OptionOfKind<K extends Dhcpv6Option['kind']> = Extract<Dhcpv6Option, { kind: K }>;

export const DHCPV6_OPTIONS = new OptionList<StructuredOption>(IN_MESSAGE);

/** Numbers that an Option Request names. */
export const OptionCode = { solMaxRt: 82 } as const;

/** IANA "DHCPv6 Status Codes". */
export const Status = {
  success: 0,
  unspecifiedFailure: 1,
  noBinding: 3,
  useMulticast: 5,
  noPrefixAvailable: 6,
} as const;

/** The first option of a kind. */
export function findOption<K extends Dhcpv6Option['kind']>(
  options: readonly Dhcpv6Option[],
  kind: K,
): Dhcpv6OptionOfKind<K> | undefined {
  return options.find((candidate): candidate is Dhcpv6OptionOfKind<K> => candidate.kind === kind);
}
