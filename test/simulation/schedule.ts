/**
 * One random life of a mobile router and its home agent, decided by a seed alone: half a minute or more of trouble
 * of every kind, then two minutes of peace, after which both ends must be right again. Runs under QuickJS too.
 */
import { selectorText } from '../../src/engine/flow-bindings/selector.ts';
import type { MobileNode } from '../../src/engine/home-agent/mobile-node.ts';
import { wantedFlows } from '../../src/engine/mobile-router/flow-bindings/wanted-flows.ts';
import type { MobileRouter } from '../../src/engine/mobile-router/mobile-router.ts';
import type { ProbeProfileName } from '../../src/uci/types.ts';
import { formatAddress, parseAddress } from '../../src/wire/address.ts';
import { MobilityCodec } from '../../src/wire/mobility-header.ts';
import { parseMobilityPacket } from '../../src/wire/mobility-packet.ts';
import { noise, STRANGER, tampered } from './hostile.ts';
import { HOME_ADDRESS, HOME_AGENT, type Link, Network, prefix, randomSource, twoUplinks } from './network.ts';
import { randomPolicy } from './policy.ts';

const PEACE = 120_000;
/** What two schedules of five are spoken in: draft-ietf-monami6-multiplecoa-00. */
const MONAMI6 = { options: { 'monami6-binding-identifier': 200 } };
const WITH_MONAMI6 = new MobilityCodec(MONAMI6);
const NAMES = ['lte', 'wifi', 'sat'];

export interface Outcome {
  /** What was wrong; empty when all went well. */
  readonly faults: readonly string[];
  /** What happened when, for people. */
  readonly log: readonly string[];
}

export function runSchedule(seed: number): Outcome {
  return new Schedule(seed).run();
}

class Schedule {
  readonly #random: () => number;
  readonly #network: Network;
  readonly #faults: string[] = [];
  readonly #log: string[] = [];
  readonly #restarts: number[] = [];
  /** Of its own, so that what it draws moves nothing else. */
  readonly #policyRandom: () => number;
  readonly #hasPolicy: boolean;
  #addresses = 10;
  #preferred: string | undefined;

  constructor(seed: number) {
    const random = randomSource(Math.imul(seed + 1, 0x9e3779b1));
    for (let i = 0; i < 8; i++) random();
    this.#random = random;
    this.#policyRandom = randomSource(Math.imul(seed + 7, 0x85ebca6b));
    this.#hasPolicy = seed % 4 === 3;
    this.#network = this.#build(seed);
    this.#changePolicy();
  }

  run(): Outcome {
    const network = this.#network;
    try {
      const end = network.now + 10_000 + this.#random() * 40_000;
      while (network.now < end) {
        network.run(this.#random() < 0.3 ? this.#random() * 100 : this.#random() * 5000);
        this.#trouble();
        if (this.#policyRandom() < 0.3) this.#changePolicy();
        this.#checkAlways();
      }
      this.#peace();
      network.run(PEACE);
      this.#checkAlways();
      this.#checkPeace();
      this.#checkRates();
    } catch (error) {
      this.#faults.push(`exception: ${(error as Error).stack ?? error}`);
    }
    if (this.#faults.length > 0) this.#tellEvents();
    return { faults: this.#faults, log: this.#log };
  }

  #tellEvents(): void {
    const { events, router, anchor } = this.#network;
    for (const { at, role, text } of events.slice(-60)) {
      this.#log.push(`${(at / 1000 - 1000).toFixed(3)} ${role}: ${text}`);
    }
    this.#log.push(JSON.stringify({ router: router?.counters, anchor: anchor?.counters }));
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)]!;
  }

  #build(seed: number): Network {
    const random = this.#random;
    const count = random() < 0.3 ? 3 : 2;
    const loss = random() < 0.5 ? 0 : random() * 0.1;
    const names = NAMES.slice(0, count);
    const links = names.map(
      (uplink, i): Link => ({
        uplink,
        careOfAddress: parseAddress(`2001:db8:${i + 10}::2`)!,
        delay: 1 + random() * 150,
        lossUp: loss,
        lossDown: loss,
        jitter: random() < 0.5 ? 0 : random() * 60,
        duplication: random() < 0.5 ? 0 : random() * 0.1,
        carrier: random() < 0.9,
      }),
    );
    const draw = random();
    // A schedule with the fast profile takes as long as twenty others.
    const probe: ProbeProfileName = draw < 0.5 ? 'normal' : draw < 0.97 ? 'saver' : 'fast';
    const base = twoUplinks(seed);
    const replay = this.#pick(['timestamp', 'sequence'] as const);
    const auth = { ...base.routerConfig.auth, replay } as typeof base.routerConfig.auth;
    const router = {
      ...base.routerConfig,
      prefixes: random() < 0.9 ? [prefix('2001:db8:100:1::/64'), prefix('2001:db8:100:2::/64')] : [],
      mode: this.#pick(['explicit', 'implicit'] as const),
      registration: this.#pick(['single', 'bulk'] as const),
      lifetime: this.#pick([40, 120, 600]),
      probe,
      auth,
      dialect: seed % 5 === 2 || seed % 5 === 3 ? MONAMI6 : undefined,
      identifier: random() < 0.3 ? 'vessel@example.org' : undefined,
      uplinks: names.map((name, i) => ({ name, device: `${name}0`, priority: i + 1, bid: i + 1 })),
    };
    const { dialect } = router;
    const peer = { ...base.anchorConfig.peers[0]!, prefixes: router.prefixes, auth, dialect };
    const anchor = { ...base.anchorConfig, probe, peers: [peer], maxLifetime: this.#pick([32, 300, 3600]) };
    const { name: _, ...shown } = { ...router, prefixes: router.prefixes.length };
    this.#log.push(
      JSON.stringify(shown, (key, value) =>
        key === 'auth' || key.startsWith('home') || key === 'uplinks' ? undefined : value,
      ),
    );
    this.#log.push(...links.map(link => JSON.stringify({ ...link, careOfAddress: undefined })));
    this.#log.push(`replay ${replay}, longest lifetime ${anchor.maxLifetime}`);
    return new Network({ seed, links, router, anchor });
  }

  #note(text: string): void {
    this.#log.push(`${(this.#network.now / 1000 - 1000).toFixed(3)} ${text}`);
  }

  #trouble(): void {
    const network = this.#network;
    const link = this.#pick(network.links);
    const name = link.uplink;
    switch (Math.floor(this.#random() * 12)) {
      case 0:
      case 1:
        this.#note(`carrier of ${name} ${!link.carrier}`);
        network.setCarrier(name, !link.carrier);
        break;
      case 2:
      case 3: {
        const up = this.#random() < 0.7 ? 1 : 0;
        const down = this.#random() < 0.7 ? 1 : 0;
        this.#note(`silent ${name}: up ${up}, down ${down}`);
        link.lossUp = up;
        link.lossDown = down;
        break;
      }
      case 4:
        this.#note(`loss of ${name} ends`);
        link.lossUp = 0;
        link.lossDown = 0;
        break;
      case 5:
        link.careOfAddress = parseAddress(
          `2001:db8:${network.links.indexOf(link) + 10}::${this.#addresses++}`,
        )!;
        this.#note(`${name} has ${formatAddress(link.careOfAddress)}`);
        network.announceUplinks();
        break;
      case 6:
        this.#restartRouter();
        break;
      case 7: {
        const forgets = this.#random() < 0.5;
        this.#note(`anchor restarts${forgets ? ', forgetting' : ''}`);
        if (forgets) network.records.anchor.clear();
        network.startAnchor();
        break;
      }
      case 8:
        this.#preferred = this.#random() < 0.5 ? undefined : name;
        this.#note(`prefer ${this.#preferred}`);
        network.prefer(this.#preferred);
        break;
      case 9:
        this.#note('router clock jumps');
        network.wall.router += (this.#random() - 0.5) * 1e7;
        break;
      case 10:
        this.#note('flapping');
        for (let i = 0; i < 10; i++) {
          network.setCarrier(name, !link.carrier);
          network.run(this.#random() * 50);
        }
        break;
      default:
        this.#injectHostile();
    }
  }

  #changePolicy(): void {
    if (!this.#hasPolicy) return;
    const network = this.#network;
    const names = network.routerConfig.uplinks.map(({ name }) => name);
    const policy = randomPolicy(names, this.#policyRandom);
    this.#note(
      `policy ${policy.map(({ name, uplinks }) => `${name} ${uplinks.map(each => each.name)}`).join('; ')}`,
    );
    // What one life sends does not count for the next.
    network.run(1);
    this.#restarts.push(network.now);
    network.adopt(policy);
  }

  #restartRouter(): void {
    const network = this.#network;
    const forgets = this.#random() < 0.3;
    this.#note(`router restarts${forgets ? ', forgetting' : ''}`);
    if (forgets) {
      network.records.router.clear();
      this.#preferred = undefined;
    }
    this.#restarts.push(network.now);
    network.startRouter();
  }

  #injectHostile(): void {
    const network = this.#network;
    const before = snapshot(network);
    const recent = network.sent.slice(-200);
    for (let i = 0; i < 10; i++) {
      const copied = recent.length > 0 ? this.#pick(recent) : undefined;
      const forged = copied && tampered(copied.packet, this.#random);
      if (forged !== undefined) {
        if (copied!.from === 'router') network.injectAtAnchor(forged);
        else network.injectAtRouter(forged);
      }
      const source = this.#random() < 0.5 ? STRANGER : this.#pick(network.links).careOfAddress;
      network.injectAtAnchor(noise(source, HOME_AGENT, this.#random));
      network.injectAtRouter(noise(HOME_AGENT, this.#random() < 0.5 ? HOME_ADDRESS : source, this.#random));
    }
    const after = snapshot(network);
    if (before !== after) this.#fault(`hostile packets changed the state:\n${before}\n${after}`);
  }

  #peace(): void {
    this.#note('peace');
    for (const link of this.#network.links) {
      link.lossUp = 0;
      link.lossDown = 0;
      link.carrier = true;
    }
    this.#network.announceUplinks();
  }

  #fault(text: string): void {
    this.#note(`FAULT ${text}`);
    this.#faults.push(text);
  }

  #checkAlways(): void {
    const { anchor, records, links } = this.#network;
    for (const node of anchor!.view().nodes) {
      const addresses = node.bindings.map(binding => formatAddress(binding.careOfAddress));
      if (new Set(addresses).size < addresses.length) this.#fault('two bindings share a care-of address');
      if (node.bindings.length > 8) this.#fault('more bindings than allowed');
    }
    if (records.router.size > 4 + links.length) this.#fault('records of the router grow');
    if (records.anchor.size > 1) this.#fault('records of the anchor grow');
    if (anchor!.nextWake() < this.#network.now) this.#fault('the anchor wants to be woken in the past');
  }

  #checkPeace(): void {
    const network = this.#network;
    const router = network.router!;
    const node = [...network.anchor!.cache.nodes()][0]!;
    for (const path of router.view().paths) {
      const held = node.bindings.get(path.bid);
      const here = formatAddress(path.careOfAddress);
      if (!path.registered) this.#fault(`${path.uplink} is not registered`);
      if (held === undefined) this.#fault(`the anchor has no binding for ${path.uplink}`);
      else if (formatAddress(held.careOfAddress) !== here) this.#fault(`the anchor has an old address`);
    }
    if (node.bindings.size !== network.links.length)
      this.#fault(`${node.bindings.size} bindings at the anchor`);
    const expected = this.#preferred ?? NAMES[0]!;
    if (router.active.entry?.uplink.name !== expected)
      this.#fault(`router uses ${router.active.entry?.uplink.name}, not ${expected}`);
    if (node.active?.bid !== NAMES.indexOf(expected) + 1) this.#fault(`anchor uses BID ${node.active?.bid}`);
    const wanted = router.config.prefixes.length;
    if (node.prefixes.length !== wanted)
      this.#fault(`${node.prefixes.length} prefixes forwarded, not ${wanted}`);
    this.#checkFlows(router, node);
    for (const link of network.links) link.duplication = 0;
    const lost = network.echo(2000, 20);
    if (lost !== 0) this.#fault(`${lost} echoes lost`);
  }

  /** Both ends have the same flow bindings: those that the policy comes to with all uplinks alive. */
  #checkFlows({ flowBindings, steering, active }: MobileRouter, { flows }: MobileNode): void {
    const wanted = (steering === undefined ? [] : wantedFlows(steering, active.choose()?.uplink.bid)).map(
      ({ text, bids }) => `${text} ${bids}`,
    );
    const held = flowBindings!.entries.map(
      ({ fid, priority, held }) => `${fid} ${priority} ${held?.selector} ${held?.bids}`,
    );
    const stored = (flows?.bindings ?? []).map(
      ({ fid, priority, selector, bids }) => `${fid} ${priority} ${selectorText(selector)} ${bids}`,
    );
    const contents = stored.map(text => text.split(' ').slice(2).join(' '));
    if (held.join() !== stored.join()) this.#fault(`flow bindings differ:\n${held}\n${stored}`);
    if (contents.join() !== wanted.join())
      this.#fault(`flow bindings are not the policy:\n${contents}\n${wanted}`);
    const rules = flows?.steering?.rules.length ?? 0;
    if (rules !== wanted.length) this.#fault(`${rules} rules of ${wanted.length} flow bindings`);
  }

  /** RFC 6275 §11.8: at most three Binding Updates a second about one binding, whatever happens. */
  #checkRates(): void {
    const { sent, events, now } = this.#network;
    const times = new Map<number, number[]>();
    let life = 0;
    for (const { at, from, packet } of sent) {
      if (from !== 'router' || packet[6] === 41) continue;
      while ((this.#restarts[life] ?? Infinity) <= at) {
        life += 1;
        times.clear();
      }
      for (const bid of updatedBids(packet)) {
        const list = times.get(bid) ?? [];
        times.set(bid, list);
        list.push(at);
        if (list.length > 3 && at - list[list.length - 4]! < 1000) {
          this.#fault(`four Binding Updates about BID ${bid} within a second`);
          return;
        }
      }
    }
    const seconds = (now - 1_000_000) / 1000;
    const lines = events.filter(event => event.name === 'message-dropped').length;
    if (lines > 10 * (this.#restarts.length + 2) + 0.4 * seconds)
      this.#fault(`${lines} lines about dropped messages`);
  }
}

function updatedBids(packet: Uint8Array): number[] {
  const parsed = parseMobilityPacket(packet, WITH_MONAMI6);
  if (!parsed.ok || parsed.value.message.kind !== 'binding-update') return [];
  const { options } = parsed.value.message;
  const bids = options.flatMap(option =>
    option.kind === 'binding-identifier' || option.kind === 'monami6-binding-identifier' ? [option.bid] : [],
  );
  return bids.length === 0 ? [0] : bids;
}

/** Everything that only authenticated messages may change. */
function snapshot(network: Network): string {
  const nodes = [...network.anchor!.cache.nodes()].map(node => ({
    sequence: node.sequence,
    timestamp: node.timestamp,
    prefixes: node.prefixes.length,
    active: node.active?.bid,
    flows: node.flows?.bindings,
    bindings: [...node.bindings.values()].map(({ prober, ...binding }) => ({
      ...binding,
      state: prober.state,
    })),
  }));
  const { registrar, entries, active } = network.router as MobileRouter;
  const { bootstrapping, multiple, bulk } = registrar.terms;
  const { sequence, clockOffset, timestamps } = registrar.writer;
  const router = {
    sequence,
    bootstrapping,
    multiple,
    bulk,
    clockOffset,
    timestamps,
    active: active.entry?.uplink.name,
  };
  const list = entries.map(({ binding, pending, refusal, corrections, prober }) => ({
    binding,
    pending,
    refusal,
    corrections,
    state: prober.state,
  }));
  const flows = network.router!.flowBindings!.entries;
  return JSON.stringify({ nodes, router, list, flows });
}
