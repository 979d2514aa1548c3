/** The messages of DHCPv6 (RFC 8415 §8), and those of its relay agents (§9). */
import type { Address } from '../address.ts';
import { bits, number, unused } from '../layout/bits.ts';
import { reserved, u8 } from '../layout/numbers.ts';
import { address } from '../layout/octets.ts';
import { layout, layoutLength } from '../layout/part.ts';
import { failure, type Result } from '../result.ts';
import { optionsIn } from './option-list.ts';
import { DHCPV6_OPTIONS, type Dhcpv6Option } from './options.ts';

const SECTION = 'RFC 8415 §8';

/** By type, from 1 on: IANA "DHCPv6 Message Types". */
const KINDS = [
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information-request',
] as const;
const RELAY_KINDS = ['relay-forward', 'relay-reply'] as const;
const FIRST_RELAY_TYPE = KINDS.length + 1;

export interface ClientServerMessage {
  readonly kind: (typeof KINDS)[number];
  /** 24 bits that request and answer have in common. */
  readonly transaction: number;
  readonly options: readonly Dhcpv6Option[];
}

export interface RelayMessage {
  readonly kind: (typeof RELAY_KINDS)[number];
  /** Relay agents that it has passed before. */
  readonly hopCount: number;
  /** Names the link that the client is on. */
  readonly linkAddress: Address;
  readonly peerAddress: Address;
  readonly options: readonly Dhcpv6Option[];
}

export type Dhcpv6Message = ClientServerMessage | RelayMessage;

const options = optionsIn(DHCPV6_OPTIONS);
/** The first octet is the type. */
const clientServer = layout(bits(4, unused(8), number('transaction', 24)), options);
const relay = layout(reserved(1), u8('hopCount'), address('linkAddress'), address('peerAddress'), options);

/** UDP port that servers and relay agents listen on (§7.2). */
export const SERVER_PORT = 547;
/** The same of clients. */
export const CLIENT_PORT = 546;

/** Reads the payload of a UDP datagram. */
export function parseDhcpv6(octets: Uint8Array): Result<Dhcpv6Message> {
  const type = octets[0] ?? 0;
  const relayKind = RELAY_KINDS[type - FIRST_RELAY_TYPE];
  const kind = KINDS[type - 1] ?? relayKind;
  if (kind === undefined) return failure(0, `message type ${type} is not known`, SECTION, 'dhcpv6-type');
  const value = { kind };
  const fault = (relayKind ? relay : clientServer).read(octets, 0, octets.length, value);
  if (fault !== undefined) return failure(fault.offset ?? 0, fault.rule, SECTION, 'dhcpv6-malformed');
  return { ok: true, value: value as unknown as Dhcpv6Message };
}

/** The payload of a UDP datagram. Throws a RangeError when a value does not fit its field. */
export function emitDhcpv6(message: Dhcpv6Message): Uint8Array {
  const isRelay = 'hopCount' in message;
  const octets = new Uint8Array(isRelay ? layoutLength(relay, message) : layoutLength(clientServer, message));
  if (isRelay) relay.write(octets, 0, message);
  else clientServer.write(octets, 0, message);
  octets[0] = isRelay
    ? RELAY_KINDS.indexOf(message.kind) + FIRST_RELAY_TYPE
    : KINDS.indexOf(message.kind) + 1;
  return octets;
}
