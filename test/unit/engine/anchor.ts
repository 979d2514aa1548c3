/** A home agent, and a mobile node that says to it exactly what a test wants, signed or not. */
import { SecurityAssociation } from '../../../src/engine/authentication.ts';
import { HomeAgent } from '../../../src/engine/home-agent/home-agent.ts';
import { dialectOf } from '../../../src/engine/identifiers/dialect.ts';
import { timestampFromWall } from '../../../src/engine/timestamp.ts';
import type { Input, JsonObject, Output } from '../../../src/engine/types.ts';
import type { HomeAgentConfig, PeerConfig, Rfc4285Auth } from '../../../src/uci/types.ts';
import {
  type Address,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
} from '../../../src/wire/address.ts';
import { parseIpv6Header } from '../../../src/wire/ipv6.ts';
import type { MobilityCodec } from '../../../src/wire/mobility-header.ts';
import type {
  BindingAcknowledgement,
  BindingUpdate,
  MobilityMessage,
} from '../../../src/wire/mobility-message.ts';
import type { MobilityOption } from '../../../src/wire/mobility-option.ts';
import {
  emitMobilityPacket,
  parseMobilityPacket,
  type ReceivedMobility,
} from '../../../src/wire/mobility-packet.ts';

export const address = (text: string): Address => parseAddress(text)!;
export const prefix = (text: string) => parsePrefix(text)!;

export const HOME_AGENT = address('2001:db8:ffff::1');
export const HOME = address('2001:db8:100::1');
export const CARE_OF = address('2001:db8:a::2');
export const CARE_OF_2 = address('2001:db8:b::2');
export const CARE_OF_3 = address('2001:db8:c::2');
export const PREFIX_1 = prefix('2001:db8:100:1::/64');
export const PREFIX_2 = prefix('2001:db8:100:2::/64');
export const AUTH: Rfc4285Auth = {
  kind: 'rfc4285',
  spi: 256,
  key: new Uint8Array(16).fill(7),
  replay: 'timestamp',
};

export const PEER: PeerConfig = {
  name: 'vessel',
  homeAddress: HOME,
  prefixes: [PREFIX_1, PREFIX_2],
  auth: AUTH,
  identifier: undefined,
  maxBindings: 3,
};

/** What a test says differently about a Binding Update that would otherwise be accepted. */
export interface Said extends Partial<Omit<BindingUpdate, 'kind'>> {
  readonly source?: Address;
  readonly homeAddress?: Address | undefined;
  /** undefined: unsigned. */
  readonly auth?: Rfc4285Auth | undefined;
  /** Milliseconds that the timestamp is off; undefined: no timestamp. */
  readonly clock?: number | undefined;
}

export interface Answer extends ReceivedMobility {
  readonly message: BindingAcknowledgement;
}

export const bid = (
  number: number,
  careOfAddress: Address | undefined,
  more: { home?: boolean; priority?: number } = {},
): MobilityOption => ({
  kind: 'binding-identifier',
  bid: number,
  status: 0,
  home: false,
  priority: 0,
  careOfAddress,
  ...more,
});

export class Anchor {
  now = 1_000_000;
  agent: HomeAgent;
  sequence = 100;
  readonly records = new Map<string, JsonObject>();
  /** What the latest input caused. */
  output: Output[] = [];
  /** What the mobile node speaks; what the home agent has in its configuration, unless a test says otherwise. */
  codec: MobilityCodec;
  readonly config: HomeAgentConfig;

  constructor(peer: Partial<PeerConfig> = {}, config: Partial<HomeAgentConfig> = {}) {
    this.config = {
      name: 'anchor',
      address: HOME_AGENT,
      maxLifetime: 3600,
      probe: 'saver',
      peers: [{ ...PEER, ...peer }],
      ...config,
    };
    this.codec = dialectOf(peer.dialect).codec;
    this.agent = new HomeAgent(this.config, this.clock);
  }

  get clock() {
    return { monotonic: this.now, wall: 1_760_000_000_000 + this.now };
  }

  restart(): void {
    this.agent = new HomeAgent(this.config, this.clock, this.records);
  }

  input(input: Input): Output[] {
    this.output = this.agent.handle(input, this.clock);
    for (const output of this.output) {
      if (output.kind !== 'record') continue;
      if (output.value === undefined) this.records.delete(output.key);
      else this.records.set(output.key, output.value);
    }
    return this.output;
  }

  /** Lets time pass, with the timers that the home agent asks for. */
  wait(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let wake = this.agent.nextWake(); wake <= end; wake = this.agent.nextWake()) {
      this.now = Math.max(this.now, wake);
      this.input({ kind: 'timer' });
    }
    this.now = end;
  }

  receive(packet: Uint8Array, device = 'wan'): Output[] {
    const header = parseIpv6Header(packet);
    if (!header.ok) throw new Error('no IPv6 packet');
    const { source, destination, nextHeader, hopLimit } = header.value;
    const bytes = packet.slice(40);
    return this.input({
      kind: 'packet',
      packet: { source, destination, nextHeader, bytes, device, hopLimit },
    });
  }

  /** Packets that the latest input caused, probes left out. */
  get sent(): Uint8Array[] {
    return this.output.flatMap(output =>
      output.kind === 'send' && output.packet[6] !== 41 ? [output.packet] : [],
    );
  }

  /** The Binding Update of the test as a packet. */
  emit(said: Said = {}): Uint8Array {
    const { source = CARE_OF, clock = 0, auth = AUTH, options = [], ...message } = said;
    const homeAddress = 'homeAddress' in said ? said.homeAddress : HOME;
    const stamped: MobilityOption[] = [...options];
    if (!('clock' in said) || said.clock !== undefined) {
      stamped.push({ kind: 'message-id', ...timestampFromWall(this.clock.wall + clock) });
    }
    const packet = {
      source,
      destination: HOME_AGENT,
      homeAddress,
      message: {
        kind: 'binding-update' as const,
        sequence: this.sequence,
        acknowledge: true,
        homeRegistration: true,
        linkLocalCompatibility: false,
        keyManagement: false,
        mobileRouter: true,
        lifetime: 600,
        ...pickMessage(message),
        options: stamped,
      },
    };
    if ('auth' in said && said.auth === undefined) return emitMobilityPacket(packet, this.codec);
    return new SecurityAssociation(auth).sign(packet, source, homeAddress ?? source, this.codec);
  }

  /** Sends a Binding Update a millisecond later than the one before, and returns the acknowledgement. */
  update(said: Said = {}, device = 'wan'): Answer | undefined {
    this.now += 1;
    this.sequence = (this.sequence + 1) & 0xffff;
    this.receive(this.emit(said), device);
    return this.answer;
  }

  get answer(): Answer | undefined {
    for (const packet of this.sent) {
      const parsed = parseMobilityPacket(packet, this.codec);
      if (parsed.ok && parsed.value.message.kind === 'binding-acknowledgement') return parsed.value as Answer;
    }
    return undefined;
  }

  /** The status of the answer to a Binding Update. */
  status(said: Said = {}): number | undefined {
    return this.update(said)?.message.status;
  }

  /** `bid careOfAddress`, of every binding. */
  get bindings(): string[] {
    return this.agent
      .view()
      .nodes[0]!.bindings.map(binding => `${binding.bid} ${formatAddress(binding.careOfAddress)}`);
  }

  get prefixes(): string[] {
    return this.agent.view().nodes[0]!.prefixes.map(formatPrefix);
  }

  counter(reason: string): number {
    return this.agent.counters.get(reason);
  }
}

function pickMessage({ homeAddress: _h, auth: _a, clock: _c, source: _s, ...message }: Said) {
  return message as Partial<BindingUpdate>;
}

/** A message of another kind, unsigned. */
export function plain(message: MobilityMessage, source = CARE_OF): Uint8Array {
  return emitMobilityPacket({ source, destination: HOME_AGENT, message });
}

export function identifiers(answer: Answer | undefined) {
  return answer?.message.options.flatMap(option =>
    option.kind === 'binding-identifier'
      ? [{ bid: option.bid, status: option.status, priority: option.priority }]
      : [],
  );
}

/** The number that the tests give to the sub-option of draft-ietf-monami6-multiplecoa-00. */
export const MONAMI6_TYPE = 200;
export const MONAMI6 = { options: { 'monami6-binding-identifier': MONAMI6_TYPE } } as const;

/** The sub-option of draft-ietf-monami6-multiplecoa-00 §4.3.1; with a care-of address it has the C flag. */
export const draftBid = (
  number: number,
  { careOfAddress, priority = 0, remove = false }: DraftBid = {},
): MobilityOption => ({
  kind: 'monami6-binding-identifier',
  bid: number,
  priorityOrStatus: priority,
  hasCareOfAddress: careOfAddress !== undefined,
  removable: remove,
  careOfAddress,
});

interface DraftBid {
  readonly careOfAddress?: Address;
  readonly priority?: number;
  readonly remove?: boolean;
}

/** The same with these octets after its length. */
export const draftOctets = (...octets: number[]) =>
  ({ kind: 'opaque', type: MONAMI6_TYPE, data: Uint8Array.from(octets) }) as const;

/** `bid status`, flags and care-of address of every sub-option of an answer. */
export function draftIdentifiers(answer: Answer | undefined): string[] {
  return (answer?.message.options ?? []).flatMap(option => {
    if (option.kind !== 'monami6-binding-identifier') return [];
    const { bid: number, priorityOrStatus, hasCareOfAddress, removable, careOfAddress } = option;
    const flags = `${hasCareOfAddress ? ' C' : ''}${removable ? ' R' : ''}`;
    const where = careOfAddress === undefined ? '' : ` ${formatAddress(careOfAddress)}`;
    return [`${number} ${priorityOrStatus}${flags}${where}`];
  });
}
