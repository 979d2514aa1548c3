/** A correspondent, and a mobile node that says to it exactly what a test wants. Its keys come from Node's own crypto. */
import { createHash, createHmac } from 'node:crypto';
import { Correspondent, type CorrespondentHost } from '../../../../src/engine/correspondent/correspondent.ts';
import { dialectOf } from '../../../../src/engine/identifiers/dialect.ts';
import type { Input, Output } from '../../../../src/engine/types.ts';
import type { CorrespondentConfig } from '../../../../src/uci/types.ts';
import { type Address, equalAddress, formatAddress } from '../../../../src/wire/address.ts';
import { authorizedPart, withAuthenticator } from '../../../../src/wire/authentication.ts';
import { parseIpv6Header } from '../../../../src/wire/ipv6.ts';
import type { MobilityCodec } from '../../../../src/wire/mobility-header.ts';
import type {
  BindingAcknowledgement,
  BindingUpdate,
  MessageOfKind,
  MobilityMessage,
} from '../../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../../src/wire/mobility-option.ts';
import {
  emitMobilityPacket,
  parseMobilityPacket,
  type ReceivedMobility,
} from '../../../../src/wire/mobility-packet.ts';
import { address, CARE_OF, HOME } from '../anchor.ts';

export const CORRESPONDENT = address('2001:db8:cc::5');
export const COOKIE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

export interface Token {
  readonly nonceIndex: number;
  readonly keygenToken: Uint8Array;
}

/** What a test says differently about a Binding Update that would otherwise be accepted. */
export interface Said extends Partial<Omit<BindingUpdate, 'kind' | 'options'>> {
  readonly source?: Address;
  /** undefined: no Home Address option. */
  readonly homeAddress?: Address | undefined;
  readonly destination?: Address;
  /** Before Nonce Indices and Binding Authorization Data. */
  readonly options?: readonly MobilityOption[];
  /** undefined: without the option. */
  readonly indices?: { readonly home: number; readonly careOf: number } | undefined;
  readonly home?: Token;
  readonly careOf?: Token;
  /** The address that the authenticator is computed with. */
  readonly bound?: Address;
  /** Changes Kbm. */
  readonly key?: (kbm: Uint8Array) => Uint8Array;
  /** undefined: no Binding Authorization Data. */
  readonly authorized?: false;
}

export interface Answer extends ReceivedMobility {
  readonly message: BindingAcknowledgement;
}

/** Octets that repeat with the same seed. */
export function octetSource(seed = 1): (length: number) => Uint8Array {
  let count = 0;
  return length => {
    count += 1;
    return new Uint8Array(createHash('sha512').update(`${seed}/${count}`).digest()).slice(0, length);
  };
}

export const sha1 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export const hmacSha1 = (key: Uint8Array, ...parts: readonly Uint8Array[]) => {
  const hmac = createHmac('sha1', key);
  for (const part of parts) hmac.update(part);
  return new Uint8Array(hmac.digest());
};

export class Pair {
  now = 1_000_000;
  sequence = 100;
  readonly correspondent: Correspondent;
  /** What the mobile node speaks: the same. */
  readonly codec: MobilityCodec;
  output: Output[] = [];

  constructor(config: Partial<CorrespondentConfig> = {}, host: Partial<CorrespondentHost> = {}) {
    this.correspondent = new Correspondent(
      { name: 'peer', mobileNodes: [], maxBindings: 1000, multiple: true, maxFlows: 16, ...config },
      { random: octetSource(), ...host },
    );
    this.codec = dialectOf(config.dialect).codec;
    this.input({ kind: 'direct-path', obstacle: undefined });
  }

  input(input: Input): Output[] {
    this.output = this.correspondent.handle(input, { monotonic: this.now, wall: 0 });
    return this.output;
  }

  /** Lets time pass; returns the packets that were sent meanwhile. */
  wait(milliseconds: number): Uint8Array[] {
    const sent: Uint8Array[] = [];
    const end = this.now + milliseconds;
    for (let wake = this.correspondent.nextWake(); wake <= end; wake = this.correspondent.nextWake()) {
      this.now = Math.max(this.now, wake);
      this.input({ kind: 'timer' });
      sent.push(...this.sent);
    }
    this.now = end;
    return sent;
  }

  receive(packet: Uint8Array): Output[] {
    const header = parseIpv6Header(packet);
    if (!header.ok) throw new Error('no IPv6 packet');
    const { source, destination, nextHeader, hopLimit } = header.value;
    return this.input({
      kind: 'packet',
      packet: { source, destination, nextHeader, bytes: packet.slice(40), device: 'lan', hopLimit },
    });
  }

  get sent(): Uint8Array[] {
    return this.output.flatMap(output => (output.kind === 'send' ? [output.packet] : []));
  }

  /** The only packet that the latest input caused; undefined: none. */
  get answer(): ReceivedMobility | undefined {
    const [packet] = this.sent;
    const parsed = packet && parseMobilityPacket(packet, this.codec);
    return parsed?.ok ? parsed.value : undefined;
  }

  say(
    message: MobilityMessage,
    source: Address,
    more: { homeAddress?: Address; destination?: Address } = {},
  ): ReceivedMobility | undefined {
    this.receive(emitMobilityPacket({ source, destination: CORRESPONDENT, ...more, message }, this.codec));
    return this.answer;
  }

  homeTest(home: Address = HOME, destination = CORRESPONDENT): MessageOfKind<'home-test'> {
    const answer = this.say({ kind: 'home-test-init', cookie: COOKIE, options: [] }, home, { destination });
    if (answer?.message.kind !== 'home-test') throw new Error('no Home Test');
    return answer.message;
  }

  careOfTest(careOf: Address = CARE_OF, destination = CORRESPONDENT): MessageOfKind<'care-of-test'> {
    const message = { kind: 'care-of-test-init', cookie: COOKIE, options: [] } as const;
    const answer = this.say(message, careOf, { destination });
    if (answer?.message.kind !== 'care-of-test') throw new Error('no Care-of Test');
    return answer.message;
  }

  /** The Binding Update of the test as a packet; tokens that it does not name are asked for. */
  emit(said: Said = {}): Uint8Array {
    const { source = CARE_OF, destination = CORRESPONDENT, options = [], key = kbm => kbm } = said;
    const {
      source: _s,
      homeAddress: _h,
      destination: _d,
      options: _o,
      indices: _i,
      home: _t,
      careOf: _c,
      bound: _b,
      key: _k,
      authorized: _a,
      ...message
    } = said;
    const homeAddress = 'homeAddress' in said ? said.homeAddress : HOME;
    const homeOf = homeAddress ?? source;
    const alternate = options.find(option => option.kind === 'alternate-care-of-address');
    const careOfAddress =
      options.map(named).find(found => found !== undefined) ??
      (alternate?.kind === 'alternate-care-of-address' ? alternate.address : undefined) ??
      source;
    const deletes = said.lifetime === 0 || equalAddress(careOfAddress, homeOf);
    const home = said.home ?? this.homeTest(homeOf, destination);
    const careOf = said.careOf ?? (deletes ? undefined : this.careOfTest(careOfAddress, destination));
    const kbm = key(deletes ? sha1(home.keygenToken) : sha1(home.keygenToken, careOf!.keygenToken));
    const indices =
      'indices' in said ? said.indices : { home: home.nonceIndex, careOf: careOf?.nonceIndex ?? 0 };
    const all: MobilityOption[] = [...options];
    if (indices !== undefined) all.push({ kind: 'nonce-indices', ...indices });
    const packet = (last: readonly MobilityOption[]) => ({
      source,
      destination,
      homeAddress,
      message: {
        kind: 'binding-update' as const,
        sequence: this.sequence,
        acknowledge: true,
        homeRegistration: false,
        linkLocalCompatibility: false,
        keyManagement: false,
        lifetime: 420,
        ...message,
        options: [...all, ...last],
      },
    });
    if (said.authorized === false) return emitMobilityPacket(packet([]), this.codec);
    const bound = said.bound ?? (deletes ? homeOf : careOfAddress);
    return withAuthenticator(
      packet([{ kind: 'binding-authorization-data', authenticator: new Uint8Array(12) }]),
      covered => hmacSha1(kbm, bound, destination, covered).slice(0, 12),
      authorizedPart,
      this.codec,
    );
  }

  /** Sends a Binding Update with the next sequence number, and returns the acknowledgement. */
  update(said: Said = {}): Answer | undefined {
    this.now += 1;
    this.sequence = (this.sequence + 1) & 0xffff;
    this.receive(this.emit(said));
    const { answer } = this;
    return answer?.message.kind === 'binding-acknowledgement' ? (answer as Answer) : undefined;
  }

  status(said: Said = {}): number | undefined {
    return this.update(said)?.message.status;
  }

  /** `bid careOfAddress`, of every binding of the home address. */
  bindings(homeAddress = HOME, ownAddress = CORRESPONDENT): string[] {
    const peer = this.correspondent.cache.find(ownAddress, homeAddress);
    return [...(peer?.bindings.values() ?? [])].map(
      binding => `${binding.bid} ${formatAddress(binding.careOfAddress)}`,
    );
  }

  lifetime(bid = 0): number | undefined {
    return this.correspondent.cache.find(CORRESPONDENT, HOME)?.bindings.get(bid)?.lifetime;
  }

  counter(reason: string): number {
    return this.correspondent.counters.get(reason);
  }
}

/** The care-of address that an identifier states, in either form. */
function named(option: MobilityOption): Address | undefined {
  const isIdentifier = option.kind === 'binding-identifier' || option.kind === 'monami6-binding-identifier';
  return isIdentifier ? option.careOfAddress : undefined;
}
