/**
 * The chain of extension headers between the IPv6 header and what it carries (RFC 8200 §4): what Mobile IPv6
 * says in it is collected, the rest is skipped or refused as its type asks.
 */
import { type Address, isGlobalUnicast, isMulticast } from './address.ts';
import { authenticationHeader, authenticationHeaderLength } from './authentication-header.ts';
import { fragmentHeader, isAtomicFragment } from './fragment-header.ts';
import { HOME_ADDRESS_LENGTH, HOME_ADDRESS_OPTION } from './home-address-option.ts';
import { NextHeader } from './ipv6.ts';
import { PAD1 } from './pad.ts';
import { failure, type Result } from './result.ts';
import {
  ROUTING_TYPE_2,
  TYPE_2_HEADER_EXT_LEN,
  type Type2RoutingHeader,
  type2RoutingHeader,
} from './type2-routing-header.ts';

/** What the extension headers say, and what follows them. */
export interface HeaderChain {
  /** Of the Home Address option. */
  homeAddress: Address | undefined;
  /** Of the type 2 routing header. */
  routingHome: Address | undefined;
  /** The first Next Header that is no extension header. */
  protocol: number;
  /** Offset of that Next Header field; of `start` when there is no extension header. */
  protocolField: number;
  /** Offset of what follows the last extension header. */
  payload: number;
}

/** The chain so far, and the header in it that no Home Address option may follow. */
interface Walk extends HeaderChain {
  barrier: string | undefined;
}

type Outcome = Result<undefined>;
const passed: Outcome = { ok: true, value: undefined };

/** More headers than any sender needs; each takes at least 8 octets. */
const MOST_HEADERS = 8;
const UNIT = 8;
const ROUTING_TYPE = 2;
const SEGMENTS_LEFT = 3;

/**
 * Walks from `start`, where a header of type `first` begins, over all extension headers. Any order is taken
 * (RFC 8200 §4.1), except that Hop-by-Hop Options may only come first, and the Home Address option only after
 * routing headers and before a Fragment or Authentication Header (RFC 6275 §6.3). Fragments are refused unless they
 * are the whole packet; an Authentication Header is taken for no proof of anything. Pointers of Parameter Problems
 * count from octet 0.
 */
export function parseHeaderChain(
  first: number,
  octets: Uint8Array,
  start: number,
  end: number,
  destination: Address,
): Result<HeaderChain> {
  const walk: Walk = {
    homeAddress: undefined,
    routingHome: undefined,
    protocol: first,
    protocolField: start,
    payload: start,
    barrier: undefined,
  };
  for (let count = 0; isExtensionHeader(walk.protocol); count++) {
    const { protocol, protocolField, payload: at } = walk;
    if (count === MOST_HEADERS)
      return failure(at, 'too many extension headers', 'RFC 8200 §4.1', 'header-chain');
    if (protocol === NextHeader.hopByHop && count > 0) {
      return failure(protocolField, 'Hop-by-Hop Options do not come first', 'RFC 8200 §4', 'header-chain', {
        code: 1,
        pointer: protocolField,
      });
    }
    const next = at + extent(protocol, octets, at);
    if (next > end)
      return failure(at, 'an extension header runs past the packet', 'RFC 8200 §4', 'truncated');
    const outcome = parseHeader(protocol, octets, at, next, walk, destination);
    if (!outcome.ok) return outcome;
    walk.protocolField = at;
    walk.protocol = octets[at]!;
    walk.payload = next;
  }
  return { ok: true, value: walk };
}

function isExtensionHeader(nextHeader: number): boolean {
  return (
    nextHeader === NextHeader.hopByHop ||
    nextHeader === NextHeader.routing ||
    nextHeader === NextHeader.fragment ||
    nextHeader === NextHeader.authentication ||
    nextHeader === NextHeader.destinationOptions
  );
}

/** Octets of the header at `at`, by its own length field where it has one. */
function extent(nextHeader: number, octets: Uint8Array, at: number): number {
  const length = octets[at + 1] ?? 0;
  if (nextHeader === NextHeader.fragment) return fragmentHeader.size;
  return nextHeader === NextHeader.authentication ? authenticationHeaderLength(length) : (length + 1) * UNIT;
}

function parseHeader(
  type: number,
  octets: Uint8Array,
  at: number,
  end: number,
  walk: Walk,
  destination: Address,
): Outcome {
  switch (type) {
    case NextHeader.routing:
      return parseRouting(octets, at, end, walk);
    case NextHeader.fragment:
      walk.barrier = 'Fragment header';
      return isAtomicFragment(octets, at)
        ? passed
        : failure(at, 'a fragment of a packet', 'RFC 8200 §4.5', 'fragment');
    case NextHeader.authentication:
      walk.barrier = 'Authentication Header';
      return (end - at) % UNIT === 0 && end - at >= authenticationHeader.size
        ? passed
        : failure(at + 1, `an Authentication Header of ${end - at} octets`, 'RFC 4302 §2.2', 'header-chain');
    default:
      return parseOptions(octets, at, end, type, walk, destination);
  }
}

/** RFC 6275 §11.3.3 for type 2; RFC 8200 §4.4 for the others. */
function parseRouting(octets: Uint8Array, at: number, end: number, chain: Walk): Outcome {
  if (chain.homeAddress !== undefined) {
    return failure(at, 'a routing header follows the Home Address option', 'RFC 6275 §6.3', 'header-chain');
  }
  if (octets[at + ROUTING_TYPE] !== ROUTING_TYPE_2) {
    if (octets[at + SEGMENTS_LEFT] === 0) return passed;
    const pointer = at + ROUTING_TYPE;
    return failure(pointer, 'unknown Routing Type with segments left', 'RFC 8200 §4.4', 'routing-type', {
      code: 0,
      pointer,
    });
  }
  const section = 'RFC 6275 §11.3.3';
  if (chain.routingHome !== undefined) {
    return failure(at, 'a second type 2 routing header', 'RFC 6275 §6.4', 'header-chain');
  }
  if (octets[at + 1] !== TYPE_2_HEADER_EXT_LEN) {
    return failure(
      at + 1,
      'Hdr Ext Len of a type 2 routing header is not 2',
      section,
      'type-2-routing-header',
    );
  }
  const header = {} as Type2RoutingHeader;
  type2RoutingHeader.read(octets, at, end, header);
  if (header.segmentsLeft !== 1) {
    const rule = 'Segments Left of a type 2 routing header is not 1';
    return failure(at + SEGMENTS_LEFT, rule, section, 'type-2-routing-header');
  }
  if (!isGlobalUnicast(header.homeAddress)) {
    const rule = 'the address in a type 2 routing header is not unicast routable';
    return failure(at + UNIT, rule, section, 'type-2-routing-header');
  }
  chain.routingHome = header.homeAddress;
  return passed;
}

/** Destination Options and, with other known options, Hop-by-Hop Options (RFC 8200 §4.2). */
function parseOptions(
  octets: Uint8Array,
  start: number,
  end: number,
  header: number,
  chain: Walk,
  destination: Address,
): Outcome {
  let at = start + 2;
  while (at < end) {
    const type = octets[at]!;
    if (type === PAD1) {
      at++;
      continue;
    }
    const data = at + 2;
    const next = data + (octets[at + 1] ?? 0);
    if (data > end || next > end) {
      return failure(at, 'an option runs past its header', 'RFC 8200 §4.2', 'option-overrun');
    }
    const outcome =
      type === HOME_ADDRESS_OPTION && header === NextHeader.destinationOptions
        ? parseHomeAddress(octets, at, data, next, chain)
        : refuseUnknown(type, at, destination);
    if (!outcome.ok) return outcome;
    at = next;
  }
  return passed;
}

function parseHomeAddress(octets: Uint8Array, at: number, data: number, end: number, chain: Walk): Outcome {
  if (chain.homeAddress !== undefined) {
    return failure(at, 'a second Home Address option', 'RFC 6275 §6.3', 'home-address-option');
  }
  if (chain.barrier !== undefined) {
    const rule = `the Home Address option follows the ${chain.barrier}`;
    return failure(at, rule, 'RFC 6275 §6.3', 'header-chain');
  }
  if (end - data !== HOME_ADDRESS_LENGTH) {
    return failure(
      at + 1,
      'the Home Address option is not 16 octets long',
      'RFC 6275 §6.3',
      'home-address-option',
    );
  }
  const homeAddress = octets.slice(data, end);
  if (!isGlobalUnicast(homeAddress)) {
    return failure(
      data,
      'the home address is not unicast routable',
      'RFC 6275 §9.3.1',
      'home-address-option',
    );
  }
  chain.homeAddress = homeAddress;
  return passed;
}

/** The two highest bits of an unknown option say what to do (RFC 8200 §4.2); Pad1 and PadN have 00. */
function refuseUnknown(type: number, pointer: number, destination: Address): Outcome {
  const action = type >> 6;
  if (action === 0) return passed;
  const answered = action === 2 || (action === 3 && !isMulticast(destination));
  return failure(
    pointer,
    `unknown option ${type}`,
    'RFC 8200 §4.2',
    'unknown-destination-option',
    answered ? { code: 2, pointer } : undefined,
  );
}
