/**
 * The pairing line: everything that a mobile router has to know of its anchor, key included, as one line of text that survives
 * mail, terminals and QR codes. `kedge:` and base64url (RFC 4648 §5) of
 *
 *     version (1)  item...  CRC-32 of all before (4)
 *     item: kind (1)  length (1; 0 stands for 256)  value
 *
 * The check value tells slips from lines; it is no protection. Whoever has the line has the key.
 */
import { ADDRESS_LENGTH, type Address, type Prefix, prefixOf } from '../wire/address.ts';
import { decodeUtf8, encodeUtf8 } from '../wire/utf8.ts';
import type { Auth } from './types.ts';

export interface Pairing {
  /** Name of the `peer` section there and of the `mobile_router` section here. */
  readonly name: string;
  readonly homeAddress: Address;
  /** In order of preference, at least one. */
  readonly homeAgents: readonly Address[];
  readonly prefixes: readonly Prefix[];
  readonly auth: Auth;
  readonly identifier: string | undefined;
  /** Options of the `dialect` section, by name; empty: RFCs only. */
  readonly dialect: Readonly<Record<string, number>>;
}

export type Decoded =
  | { readonly ok: true; readonly pairing: Pairing }
  | { readonly ok: false; readonly problem: string };

const SCHEME = 'kedge:';
const VERSION = 1;
const CHECK_LENGTH = 4;
const LONGEST_ITEM = 256;

/** Kinds of items. A number is never used for anything else again. */
const KIND = {
  name: 1,
  homeAddress: 2,
  homeAgent: 3,
  prefix: 4,
  spi: 5,
  key: 6,
  identifier: 7,
  sequenceReplay: 8,
  dialect: 9,
} as const;

export function encodePairing(pairing: Pairing): string {
  const { auth } = pairing;
  const octets: number[] = [VERSION];
  const add = (kind: number, value: ArrayLike<number>) =>
    octets.push(kind, value.length, ...Array.from(value));
  add(KIND.name, encodeUtf8(pairing.name));
  add(KIND.homeAddress, pairing.homeAddress);
  for (const address of pairing.homeAgents) add(KIND.homeAgent, address);
  for (const { address, length } of pairing.prefixes) {
    add(KIND.prefix, [length, ...address.subarray(0, Math.ceil(length / 8))]);
  }
  if (auth.kind === 'rfc4285') {
    add(
      KIND.spi,
      [24, 16, 8, 0].map(shift => (auth.spi >>> shift) & 255),
    );
    add(KIND.key, auth.key);
    if (auth.replay === 'sequence') add(KIND.sequenceReplay, [1]);
  }
  if (pairing.identifier !== undefined) add(KIND.identifier, encodeUtf8(pairing.identifier));
  for (const [option, number] of Object.entries(pairing.dialect)) {
    add(KIND.dialect, [number, ...encodeUtf8(option)]);
  }
  // A length of 256 is written as 0, as the octet it becomes.
  const body = Uint8Array.from(octets);
  return SCHEME + toBase64Url(Uint8Array.from([...body, ...checkOf(body)]));
}

/** Reads a line; blanks and line ends that came in on the way do not matter. Never throws, and repeats nothing secret. */
export function decodePairing(line: string): Decoded {
  const text = line.replace(/\s+/g, '');
  if (!text.toLowerCase().startsWith(SCHEME)) {
    return bad(
      `this is no pairing line: it begins with '${SCHEME}', as \`kedge pair NAME\` prints it on the anchor`,
    );
  }
  const payload = text.slice(SCHEME.length);
  const stranger = payload.search(/[^A-Za-z0-9_-]/);
  if (stranger >= 0) {
    return bad(
      `character ${SCHEME.length + stranger + 1} does not belong into a pairing line: copy it again`,
    );
  }
  const octets = fromBase64Url(payload);
  if (octets.length < 1 + CHECK_LENGTH) return bad('the line is cut off: copy all of it');
  if (octets[0] !== VERSION) {
    return bad(
      `the line is of version ${octets[0]}, and this kedge knows version ${VERSION}: update the older end`,
    );
  }
  const body = octets.subarray(0, -CHECK_LENGTH);
  const isWhole = toBase64Url(octets) === payload;
  if (!isWhole || checkOf(body).some((octet, index) => octet !== octets[body.length + index])) {
    return bad(
      'a part of the line is missing or was changed (its check value is wrong): copy all of it again',
    );
  }
  return readItems(body);
}

function readItems(body: Uint8Array): Decoded {
  const items = new Map<number, Uint8Array[]>();
  for (let at = 1; at < body.length; ) {
    const length = body[at + 1] || LONGEST_ITEM;
    const value = body.subarray(at + 2, at + 2 + length);
    if (value.length < length) return bad('the line ends within an item');
    items.set(body[at]!, [...(items.get(body[at]!) ?? []), value]);
    at += 2 + length;
  }
  const unknown = [...items.keys()].find(kind => !Object.values<number>(KIND).includes(kind));
  if (unknown !== undefined)
    return bad(`the line has an item of kind ${unknown}: update kedge on this router`);

  const all = (kind: number) => items.get(kind) ?? [];
  const one = (kind: number) => all(kind)[0];
  const name = one(KIND.name);
  const homeAddress = one(KIND.homeAddress);
  const homeAgents = all(KIND.homeAgent);
  const prefixes = all(KIND.prefix).map(readPrefix);
  const auth = readAuth(one(KIND.spi), one(KIND.key), one(KIND.sequenceReplay) !== undefined);
  const identifier = one(KIND.identifier);
  if (
    name === undefined ||
    homeAddress === undefined ||
    homeAgents.length === 0 ||
    [homeAddress, ...homeAgents].some(({ length }) => length !== ADDRESS_LENGTH) ||
    prefixes.includes(undefined) ||
    auth === undefined
  ) {
    return bad('the line does not say all that a mobile router has to know: make it anew on the anchor');
  }
  return {
    ok: true,
    pairing: {
      name: decodeUtf8(name),
      homeAddress,
      homeAgents,
      prefixes: prefixes.filter(prefix => prefix !== undefined),
      auth,
      identifier: identifier && decodeUtf8(identifier),
      dialect: Object.fromEntries(
        all(KIND.dialect).map(([number = 0, ...option]) => [decodeUtf8(Uint8Array.from(option)), number]),
      ),
    },
  };
}

function readPrefix([length = 0, ...octets]: Uint8Array): Prefix | undefined {
  if (length > 128 || octets.length !== Math.ceil(length / 8)) return undefined;
  const address = new Uint8Array(ADDRESS_LENGTH);
  address.set(octets);
  return prefixOf(address, length);
}

function readAuth(
  spi: Uint8Array | undefined,
  key: Uint8Array | undefined,
  sequence: boolean,
): Auth | undefined {
  if (spi === undefined && key === undefined) return { kind: 'none' };
  if (spi?.length !== 4 || key === undefined) return undefined;
  const number = spi.reduce((sum, octet) => sum * 256 + octet, 0);
  return { kind: 'rfc4285', spi: number, key, replay: sequence ? 'sequence' : 'timestamp' };
}

function bad(problem: string): Decoded {
  return { ok: false, problem };
}

/** CRC-32 as in ISO 3309, the most significant octet first. */
function checkOf(octets: Uint8Array): number[] {
  let remainder = ~0;
  for (const octet of octets) {
    remainder ^= octet;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  }
  return [24, 16, 8, 0].map(shift => (~remainder >>> shift) & 255);
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 3) {
    const group = (octets[at]! << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
    const digits = [18, 12, 6, 0].map(shift => DIGITS[(group >> shift) & 63]);
    text += digits.slice(0, Math.min(3, octets.length - at) + 1).join('');
  }
  return text;
}

function fromBase64Url(text: string): Uint8Array {
  const octets = new Uint8Array(Math.floor((text.length * 6) / 8));
  for (let at = 0; at < octets.length; at++) {
    const digit = Math.floor((at * 8) / 6);
    const pair = (DIGITS.indexOf(text[digit]!) << 6) | DIGITS.indexOf(text[digit + 1]!);
    octets[at] = pair >> (4 - ((at * 8) % 6));
  }
  return octets;
}
