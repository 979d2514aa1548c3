/** The messages of ICMPv6 (RFC 4443) that mobility uses: octets <-> values. */
import { u8 } from '../layout/numbers.ts';
import { rest } from '../layout/octets.ts';
import { type Field, layout, layoutLength } from '../layout/part.ts';
import { failure, type Result } from '../result.ts';
import type { Icmpv6Format, Icmpv6Of } from './format.ts';
import { destinationUnreachable } from './messages/destination-unreachable.ts';
import { homeAgentAddressDiscoveryReply } from './messages/home-agent-address-discovery-reply.ts';
import { homeAgentAddressDiscoveryRequest } from './messages/home-agent-address-discovery-request.ts';
import { mobilePrefixAdvertisement } from './messages/mobile-prefix-advertisement.ts';
import { mobilePrefixSolicitation } from './messages/mobile-prefix-solicitation.ts';
import { neighborAdvertisement } from './messages/neighbor-advertisement.ts';
import { neighborSolicitation } from './messages/neighbor-solicitation.ts';
import { parameterProblem } from './messages/parameter-problem.ts';
import { routerAdvertisement } from './messages/router-advertisement.ts';
import { routerSolicitation } from './messages/router-solicitation.ts';
import { checksumField } from './parts.ts';

/** IANA "ICMPv6 type Numbers", by number. */
const FORMATS = [
  destinationUnreachable,
  parameterProblem,
  routerSolicitation,
  routerAdvertisement,
  neighborSolicitation,
  neighborAdvertisement,
  homeAgentAddressDiscoveryRequest,
  homeAgentAddressDiscoveryReply,
  mobilePrefixSolicitation,
  mobilePrefixAdvertisement,
] as const;

/** A message of a type that is not known here. Re-emitted bit for bit. */
export interface OpaqueIcmpv6 {
  readonly kind: 'opaque';
  readonly type: number;
  readonly code: number;
  /** The octets after the checksum. */
  readonly data: Uint8Array;
}

export type Icmpv6Message = Icmpv6Of<(typeof FORMATS)[number]> | OpaqueIcmpv6;
export type Icmpv6OfKind<K extends Icmpv6Message['kind']> = Extract<Icmpv6Message, { kind: K }>;

/** Offsets of the common fields. */
const BODY = 1;
export const ICMPV6_CHECKSUM = 2;
const SECTION = 'RFC 4443 §2.1';
const LEAST = 4;

const opaque = layout(u8('code'), checksumField, rest('data'));
const formats: readonly Icmpv6Format[] = FORMATS as unknown as readonly Icmpv6Format[];

/** What is known of a type; undefined for an unknown one. */
export function icmpv6Format(type: number): Icmpv6Format | undefined {
  return formats.find(format => format.type === type);
}

/** Reads a message of exactly these octets. The checksum is the caller's business. */
export function parseIcmpv6(octets: Uint8Array): Result<Icmpv6Message> {
  if (octets.length < LEAST) {
    return failure(0, 'the packet ends within the ICMPv6 header', SECTION, 'truncated');
  }
  const type = octets[0]!;
  const format = icmpv6Format(type);
  const message = format === undefined ? { kind: 'opaque', type } : { kind: format.kind };
  const fault = (format?.layout ?? opaque).read(octets, BODY, octets.length, message);
  if (fault === undefined) return { ok: true, value: message as unknown as Icmpv6Message };
  const { name, section } = format ?? { name: 'ICMPv6', section: SECTION };
  return failure(fault.offset ?? BODY, `${name}: ${fault.rule}`, section, 'message-malformed');
}

/** The message with checksum zero. Throws a RangeError when a value does not fit its field. */
export function emitIcmpv6(message: Icmpv6Message): Uint8Array {
  if (message.kind === 'opaque') {
    const { type } = message;
    if (!(type >= 0 && type <= 255 && Number.isInteger(type)) || icmpv6Format(type) !== undefined) {
      throw new RangeError(`type ${type} is no opaque one`);
    }
    return emitted(type, opaque, message);
  }
  const format = formats.find(({ kind }) => kind === message.kind);
  if (format === undefined) throw new RangeError(`no ICMPv6 message of kind ${message.kind}`);
  return emitted(format.type, format.layout, message);
}

function emitted<T>(type: number, format: Icmpv6Format<string, T>['layout'], message: T): Uint8Array {
  const octets = new Uint8Array(BODY + layoutLength(format, message, BODY));
  octets[0] = type;
  format.write(octets, BODY, message);
  return octets;
}

/**
 * Appends the fields of the message in `octets`, whose offset 0 is its type. Returns the rule that the message as a whole
 * breaks.
 */
export function showIcmpv6(octets: Uint8Array, shown: Field[]): string | undefined {
  const format = icmpv6Format(octets[0] ?? -1);
  if (octets.length < LEAST) return 'the packet ends within the ICMPv6 header';
  shown.push({ name: 'type', offset: 0, length: 1, value: octets[0]!, meaning: format?.name });
  const body = format?.layout ?? opaque;
  body.show(octets, BODY, octets.length, shown);
  return body.read(octets, BODY, octets.length, {})?.rule;
}
