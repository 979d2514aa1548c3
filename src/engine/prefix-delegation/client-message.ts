/** What a requesting router says to its delegating router, and hears (RFC 8415 §16, §18.2): messages in those of a relay agent. */
import type { Lease } from '../../uci/types.ts';
import type { Address } from '../../wire/address.ts';
import { emitDatagram } from '../../wire/dhcpv6/datagram.ts';
import { emitDhcpv6, parseDhcpv6, SERVER_PORT } from '../../wire/dhcpv6/message.ts';
import { type Dhcpv6Option, findOption, OptionCode, Status } from '../../wire/dhcpv6/options.ts';
import { equalConstantTime } from '../authentication.ts';
import type { Exchange } from './exchange.ts';

/** The only identity association. */
export const IAID = 1;

export interface Answer {
  readonly kind: 'advertise' | 'reply';
  /** DUID of who says it. */
  readonly server: Uint8Array;
  readonly options: readonly Dhcpv6Option[];
}

/**
 * The whole packet, to be routed through the tunnel.
 * @param server that it is for, where the kind of message names one
 */
export function emitQuestion(
  { homeAddress, homeAgent }: { readonly homeAddress: Address; readonly homeAgent: Address },
  exchange: Exchange,
  duid: Uint8Array,
  server: Uint8Array | undefined,
  leases: readonly Lease[],
  now: number,
): Uint8Array {
  const { kind, transaction, secret } = exchange;
  const isForAnybody = kind === 'solicit' || kind === 'rebind' || server === undefined;
  const options: Dhcpv6Option[] = [
    { kind: 'client-id', duid },
    ...(isForAnybody ? [] : [{ kind: 'server-id' as const, duid: server }]),
    { kind: 'elapsed-time', elapsed: exchange.elapsed(now) },
    { kind: 'option-request', codes: [OptionCode.solMaxRt] },
    ...(kind === 'solicit' ? [{ kind: 'rapid-commit' as const }] : []),
    { kind: 'ia-pd', iaid: IAID, t1: 0, t2: 0, options: leases.map(named) },
  ];
  return emitDatagram(homeAddress, homeAgent, SERVER_PORT, {
    kind: 'relay-forward',
    hopCount: 0,
    linkAddress: homeAddress,
    peerAddress: homeAddress,
    options: [
      { kind: 'interface-id', interfaceId: secret },
      { kind: 'relay-message', message: emitDhcpv6({ kind, transaction, options }) },
    ],
  });
}

const named = ({ prefix }: Lease) => ({
  kind: 'ia-prefix' as const,
  preferredLifetime: 0,
  validLifetime: 0,
  prefix,
  options: [],
});

/** The answer in the payload of a datagram, or why it is none. */
export function readAnswer(octets: Uint8Array, exchange: Exchange, duid: Uint8Array): Answer | string {
  const relayed = parseDhcpv6(octets);
  if (!relayed.ok) return relayed.error.counter;
  if (relayed.value.kind !== 'relay-reply') return 'dhcpv6-unexpected';
  const secret = findOption(relayed.value.options, 'interface-id')?.interfaceId;
  if (secret === undefined || !equalConstantTime(secret, exchange.secret)) return 'dhcpv6-unasked';
  const inner = findOption(relayed.value.options, 'relay-message')?.message;
  const parsed = parseDhcpv6(inner ?? new Uint8Array());
  if (!parsed.ok) return parsed.error.counter;
  const message = parsed.value;
  if (!('transaction' in message) || message.transaction !== exchange.transaction) return 'dhcpv6-unasked';
  const { kind, options } = message;
  const client = findOption(options, 'client-id')?.duid;
  const server = findOption(options, 'server-id')?.duid;
  const isSolicited = exchange.kind === 'solicit';
  const isExpected =
    kind === 'advertise'
      ? isSolicited
      : kind === 'reply' && (!isSolicited || findOption(options, 'rapid-commit') !== undefined);
  if (!isExpected || server === undefined || client === undefined || !equalConstantTime(client, duid)) {
    return 'dhcpv6-unexpected';
  }
  return { kind: kind as Answer['kind'], server, options };
}

/** Of the association, or of the whole message. */
export function statusIn(options: readonly Dhcpv6Option[]): number {
  const association = findOption(options, 'ia-pd');
  const own = association?.options.find(option => option.kind === 'status-code');
  const found = own?.kind === 'status-code' ? own : findOption(options, 'status-code');
  return found?.status ?? Status.success;
}
