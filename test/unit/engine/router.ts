/** A mobile router, and a home agent that answers exactly what a test wants. */
import { SecurityAssociation } from '../../../src/engine/authentication.ts';
import { ECHO_LENGTH } from '../../../src/engine/echo.ts';
import { dialectOf } from '../../../src/engine/identifiers/dialect.ts';
import * as flows from '../../../src/engine/mobile-router/flows.ts';
import { MobileRouter } from '../../../src/engine/mobile-router/mobile-router.ts';
import { PrefixDiscovery } from '../../../src/engine/mobile-router/renumbering/prefix-discovery.ts';
import { RouteOptimization } from '../../../src/engine/mobile-router/route-optimization/route-optimization.ts';
import { RequestingRouter } from '../../../src/engine/prefix-delegation/requesting-router.ts';
import type { Steering } from '../../../src/engine/steering.ts';
import type { EngineEvent, Input, JsonObject, Output, UplinkStatus } from '../../../src/engine/types.ts';
import type { Auth, MobileRouterConfig, Rfc4285Auth } from '../../../src/uci/types.ts';
import { type Address, equalAddress, formatAddress } from '../../../src/wire/address.ts';
import { parseIpv6Header } from '../../../src/wire/ipv6.ts';
import type {
  BindingAcknowledgement,
  BindingUpdate,
  MobilityMessage,
} from '../../../src/wire/mobility-message.ts';
import { findOption, type MobilityOption } from '../../../src/wire/mobility-option.ts';
import {
  emitMobilityPacket,
  parseMobilityPacket,
  type ReceivedMobility,
} from '../../../src/wire/mobility-packet.ts';
import { AUTH, address, CARE_OF, CARE_OF_2, HOME, HOME_AGENT, PREFIX_1 } from './anchor.ts';

export interface Update extends ReceivedMobility {
  readonly message: BindingUpdate;
  readonly at: number;
  readonly device: string | undefined;
}

/** What a test says differently about an acknowledgement that would otherwise be right. */
export interface Reply extends Partial<Omit<BindingAcknowledgement, 'kind'>> {
  readonly routingHome?: Address | undefined;
  readonly source?: Address;
  readonly auth?: Rfc4285Auth | undefined;
  /** Status of the Binding Identifier options; undefined: without these options. */
  readonly bidStatus?: ((bid: number) => number) | undefined;
  /** Added to the seconds of the echoed timestamp; undefined: no timestamp. */
  readonly clock?: number | undefined;
  /** More options. */
  readonly more?: readonly MobilityOption[];
}

/** Decides the answer to an update; undefined: none. */
export type Responder = (update: Update) => Reply | undefined;

const ROUND_TRIP = 50;

const MEANS = {
  directPaths: RouteOptimization,
  delegation: RequestingRouter,
  flows,
  prefixDiscovery: PrefixDiscovery,
};

const ICMPV6 = 58;
const ECHO_REQUEST = 128;
const ECHO_REPLY = 129;

export class Router {
  now = 1_000_000;
  wallOffset = 1_760_000_000_000;
  router: MobileRouter;
  /** All Binding Updates so far, those of `skip` left out. */
  updates: Update[] = [];
  responder: Responder = () => ({});
  readonly records = new Map<string, JsonObject>();
  readonly events: EngineEvent[] = [];
  /** Heartbeats in the tunnel. */
  probes = 0;
  /** ICMPv6 Echo Requests. */
  echoes = 0;
  /** Octets of ICMPv6 Echo Requests of other sizes, with all around them. */
  readonly sizes: { readonly device: string | undefined; readonly octets: number; readonly at: number }[] =
    [];
  /** No larger packets pass. */
  widest = 1500;
  /** Which uplinks' echoes the home agent answers. */
  answersEcho: readonly string[] = [];
  /** Other packets than Binding Updates and probes. */
  readonly others: {
    readonly at: number;
    readonly packet: Uint8Array;
    readonly device: string | undefined;
  }[] = [];
  config: MobileRouterConfig;
  readonly status: Record<
    'lte' | 'wifi',
    {
      careOfAddress: Address;
      up: boolean;
      gateway?: Address | undefined;
      ends?: UplinkStatus['ends'];
    } & Pick<UplinkStatus, 'onLinkPrefixes' | 'candidates' | 'device' | 'linkLocalAddress'>
  > = {
    lte: { careOfAddress: CARE_OF, up: true },
    wifi: { careOfAddress: CARE_OF_2, up: true },
  };
  #replies: { at: number; packet: Uint8Array }[] = [];

  constructor(config: Partial<MobileRouterConfig> = {}) {
    this.config = {
      name: 'vessel',
      homeAddress: HOME,
      homeAgents: [HOME_AGENT],
      failoverAfter: 6,
      prefixes: [PREFIX_1],
      mode: 'explicit',
      lifetime: 600,
      registration: 'single',
      probe: 'saver',
      auth: AUTH,
      identifier: undefined,
      uplinks: [
        { name: 'lte', device: 'lte0', priority: 1, bid: 1 },
        { name: 'wifi', device: 'wifi0', priority: 2, bid: 2 },
      ],
      ...config,
    };
    this.router = new MobileRouter(this.config, () => 0.5, this.clock, this.records, MEANS);
  }

  get codec() {
    return dialectOf(this.config.dialect).codec;
  }

  get clock() {
    return { monotonic: this.now, wall: this.wallOffset + this.now };
  }

  /** @param steering what the policy comes to in the next life */
  restart(config = this.config, steering?: Steering): void {
    this.config = config;
    this.router = new MobileRouter(config, () => 0.25, this.clock, this.records, MEANS);
    this.router.steering = steering;
    this.announce();
  }

  /** Tells the uplinks; with both up and a responder that agrees, both are registered a second later. */
  announce(): void {
    const uplinks = this.config.uplinks.map(({ name }, index): UplinkStatus => {
      const { up, careOfAddress, gateway, ...more } = {
        gateway: address('fe80::1'),
        ...this.status[name as 'lte'],
      };
      return {
        name,
        ifindex: index + 2,
        carrier: up,
        careOfAddress: up ? careOfAddress : undefined,
        gateway,
        mtu: 1500,
        linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, index + 1),
        ...more,
      };
    });
    this.input({ kind: 'uplinks', uplinks });
  }

  start(): this {
    this.announce();
    this.wait(1000);
    return this;
  }

  set(uplink: 'lte' | 'wifi', up: boolean): void {
    this.status[uplink].up = up;
    this.announce();
  }

  input(input: Input): Output[] {
    const output = this.router.handle(input, this.clock);
    for (const one of output) {
      if (one.kind === 'event') this.events.push(one.event);
      if (one.kind === 'record') {
        if (one.value === undefined) this.records.delete(one.key);
        else this.records.set(one.key, one.value);
      }
      if (one.kind === 'send') this.#sent(one);
    }
    return output;
  }

  #sent({ packet, device }: Extract<Output, { kind: 'send' }>): void {
    const echo = [packet, packet.subarray(40)].find(at => at[6] === ICMPV6 && at[40] === ECHO_REQUEST);
    if (echo !== undefined) {
      if (echo.length === ECHO_LENGTH) this.echoes += 1;
      else this.sizes.push({ device, octets: packet.length, at: this.now });
      if (packet.length <= this.widest) this.#echoed(echo, device);
      return;
    }
    if (packet[6] === 41) {
      this.probes += 1;
      return;
    }
    const parsed = parseMobilityPacket(packet, this.codec);
    if (!parsed.ok || parsed.value.message.kind !== 'binding-update') {
      this.others.push({ at: this.now, packet, device });
      return;
    }
    const update = { ...parsed.value, message: parsed.value.message, at: this.now, device };
    this.updates.push(update);
    const reply = this.responder(update);
    if (reply !== undefined)
      this.#replies.push({ at: this.now + ROUND_TRIP, packet: this.emit(update, reply) });
  }

  /** RFC 4443 §4.2: the octets come back, with the other type and the addresses the other way. */
  #echoed(request: Uint8Array, device: string | undefined): void {
    if (device === undefined || !this.answersEcho.includes(device)) return;
    const packet = Uint8Array.of(
      ...request.subarray(0, 8),
      ...request.subarray(24, 40),
      ...request.subarray(8, 24),
      ECHO_REPLY,
      ...request.subarray(41),
    );
    this.#replies.push({ at: this.now + ROUND_TRIP, packet });
  }

  /** Lets time pass, with the timers that the router asks for and the answers of the responder. */
  wait(milliseconds: number): void {
    const end = this.now + milliseconds;
    let spins = 0;
    for (;;) {
      const reply = this.#replies[0];
      const next = Math.min(this.router.nextWake(), reply?.at ?? Infinity);
      if (next > end) break;
      spins = next <= this.now ? spins + 1 : 0;
      if (spins > 100) throw new Error('the router spins');
      this.now = Math.max(this.now, next);
      if (reply !== undefined && reply.at <= this.now) {
        this.#replies.shift();
        this.receive(reply.packet);
      } else {
        this.input({ kind: 'timer' });
      }
    }
    this.now = end;
  }

  receive(packet: Uint8Array, device = 'lte0'): Output[] {
    const header = parseIpv6Header(packet);
    if (!header.ok) throw new Error('no IPv6 packet');
    const { source, destination, nextHeader, hopLimit } = header.value;
    const bytes = packet.slice(40);
    return this.input({
      kind: 'packet',
      packet: { source, destination, nextHeader, bytes, device, hopLimit },
    });
  }

  /** The acknowledgement of an update. */
  emit(update: Update, reply: Reply = {}): Uint8Array {
    const { message } = update;
    const {
      routingHome: _r,
      source = update.destination,
      auth: _a,
      bidStatus: _b,
      clock = 0,
      more = [],
      ...said
    } = reply;
    const options = message.options.flatMap((option): MobilityOption[] => {
      if (option.kind === 'binding-identifier') {
        if ('bidStatus' in reply && reply.bidStatus === undefined) return [];
        return [{ ...option, careOfAddress: undefined, status: reply.bidStatus?.(option.bid) ?? 0 }];
      }
      if (option.kind === 'monami6-binding-identifier') {
        if ('bidStatus' in reply && reply.bidStatus === undefined) return [];
        return [{ ...option, priorityOrStatus: reply.bidStatus?.(option.bid) ?? 0 }];
      }
      if (option.kind !== 'message-id' || ('clock' in reply && reply.clock === undefined)) return [];
      return [{ ...option, seconds: (option.seconds + clock) % 2 ** 32 }];
    });
    const packet = {
      source,
      destination: update.source,
      // RFC 6275 §6.1.8: what comes from the home address itself needs no routing header back.
      routingHome:
        'routingHome' in reply ? reply.routingHome : equalAddress(update.source, HOME) ? undefined : HOME,
      message: {
        kind: 'binding-acknowledgement' as const,
        status: 0,
        keyManagement: false,
        mobileRouter: (said.status ?? 0) < 128 && message.mobileRouter,
        sequence: message.sequence,
        lifetime: (said.status ?? 0) < 128 ? message.lifetime : 0,
        ...said,
        options: [...options, ...more],
      },
    };
    const auth: Auth | undefined = 'auth' in reply ? reply.auth : AUTH;
    if (auth === undefined || this.config.auth.kind === 'none') return emitMobilityPacket(packet, this.codec);
    return new SecurityAssociation(auth).sign(packet, update.source, HOME, this.codec);
  }

  /** An unsigned message from the home agent. */
  say(message: MobilityMessage, source = HOME_AGENT): void {
    this.receive(emitMobilityPacket({ source, destination: CARE_OF, message }, this.codec));
  }

  forgetUpdates(): void {
    this.updates = [];
  }

  get registered(): string[] {
    return this.router.view().paths.flatMap(path => (path.registered ? [path.uplink] : []));
  }

  get active(): string | undefined {
    return this.router.view().active;
  }
}

type IdentifierOption = Extract<
  MobilityOption,
  { kind: 'binding-identifier' | 'monami6-binding-identifier' }
>;

/** `bid=address`; in the draft's form the address is there with the C flag only, and `-` is the R flag. */
function named(option: IdentifierOption): string {
  const { bid, careOfAddress } = option;
  const remove = option.kind === 'monami6-binding-identifier' && option.removable ? '-' : '';
  return careOfAddress === undefined ? `${remove}${bid}` : `${remove}${bid}=${formatAddress(careOfAddress)}`;
}

/** Short text for an update: lifetime, flags and the bindings it names. */
export function summary({ message }: Update): string {
  const names = message.options.flatMap(option =>
    option.kind === 'binding-identifier' || option.kind === 'monami6-binding-identifier'
      ? [named(option)]
      : [],
  );
  const alternate = findOption(message.options, 'alternate-care-of-address');
  if (alternate !== undefined) names.push(`alternate ${formatAddress(alternate.address)}`);
  const overwrite = message.bulkOrOverwrite ? ' O' : '';
  return `${message.lifetime}${overwrite} ${names.join(' ')}`.trim();
}

/** The most updates about one BID within any second. */
export function busiestSecond(updates: readonly Update[]): number {
  const times = new Map<number, number[]>();
  for (const { message, at } of updates) {
    const bids = message.options.flatMap(option =>
      option.kind === 'binding-identifier' || option.kind === 'monami6-binding-identifier'
        ? [option.bid]
        : [],
    );
    for (const bid of bids.length > 0 ? bids : [0]) times.set(bid, [...(times.get(bid) ?? []), at]);
  }
  let most = 0;
  for (const list of times.values()) {
    for (const start of list)
      most = Math.max(most, list.filter(at => at >= start && at < start + 1000).length);
  }
  return most;
}
