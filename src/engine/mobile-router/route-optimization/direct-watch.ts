/**
 * Whether the direct paths in use carry packets, there and back (draft-ietf-monami6-mipv6-analysis-01 §6.1.3): the tunnel's
 * probes do not go that way. What comes confirms a path for nothing, as upper layers confirm a neighbour (RFC 4861
 * §7.3.1). Where packets go and none come, or none come any more, an ICMPv6 Echo with the headers of the traffic asks.
 */
import { type Address, equalAddress } from '../../../wire/address.ts';
import { ECHO_REPLY, emitEcho, readEcho, SECRET_LENGTH } from '../../echo.ts';
import type { Outbox } from '../../outbox.ts';
import { PathProber } from '../../path-prober.ts';
import type { ProbeProfile } from '../../probe-profile.ts';
import { type CorrespondentEntry, type DirectPath, LONGEST_PAUSE } from './correspondent-entry.ts';
import type { DirectSender } from './direct-sender.ts';
import type { RandomOctets } from './keygen-test.ts';

/** One probe when a path comes into use, and others when there is a doubt only. */
const PROFILE: ProbeProfile = {
  interval: Number.POSITIVE_INFINITY,
  confirmInterval: 200,
  misses: 4,
  recoveries: 1,
  conviction: 0,
};
/** How long an answer dispels all doubts, milliseconds: no more probes than one in that time as long as they are answered. */
const CONFIRMED = 3000;
/** Between Binding Updates that are to show what Echo cannot, milliseconds. */
const PROOF_INTERVAL = 60_000;

export interface Watched {
  readonly path: DirectPath;
  readonly careOfAddress: Address;
  readonly prober: PathProber;
  readonly since: number;
  /** When the kernel's counters showed that something had come. */
  heardAt: number;
  /** The last look at them found packets that had come, not only answers. */
  flows: boolean;
  /** When the present doubt, or the last one, began. */
  doubtedAt: number;
  /** When a Binding Update was to dispel it. */
  provenAt: number;
}

/** Times are monotonic, milliseconds. */
export class DirectWatch {
  readonly #sender: DirectSender;
  readonly #random: RandomOctets;
  readonly #outbox: Outbox;
  /** Undefined before the first probe. */
  #secret: Uint8Array | undefined;

  constructor(sender: DirectSender, random: RandomOctets, outbox: Outbox) {
    this.#sender = sender;
    this.#random = random;
    this.#outbox = outbox;
  }

  /**
   * Sends the probes that are due, and gives up a path when they are without an answer.
   * @param path in use; undefined: none
   * @returns when to come again
   */
  step(entry: CorrespondentEntry, path: DirectPath | undefined, device: string, now: number): number {
    if (path === undefined) {
      entry.watched = undefined;
      return Number.POSITIVE_INFINITY;
    }
    const { careOfAddress } = path;
    const before = entry.watched;
    const isSame = before?.path === path && equalAddress(before.careOfAddress, careOfAddress);
    const watched = isSame ? before : newWatched(path, now);
    entry.watched = watched;
    const sequence = watched.prober.poll(now, entry.answersEcho);
    if (sequence !== undefined) this.#probe(entry, path, sequence, device);
    if (watched.prober.state !== 'dead') return watched.prober.nextWake();
    entry.watched = undefined;
    // Then it is Echo that is not answered any more.
    if (watched.heardAt > watched.doubtedAt) entry.answersEcho = false;
    else {
      if (now - watched.since >= LONGEST_PAUSE) path.losses = 0;
      this.#sender.lose(entry, path, now);
    }
    return now;
  }

  /**
   * What the kernel has counted since the last look.
   * @param used packets went or came
   * @param heard packets came
   */
  count(entry: CorrespondentEntry, used: boolean, heard: boolean, now: number): void {
    const { watched, answersEcho, answered } = entry;
    entry.answered = false;
    // What belongs to no traffic is no use of the path.
    if (used && !(heard && answered)) entry.usedAt = now;
    if (watched === undefined) return;
    const { prober, flows } = watched;
    watched.flows = heard && !answered;
    if (heard) watched.heardAt = now;
    else if ((used || flows) && now - prober.answeredAt >= CONFIRMED) doubt(watched, answersEcho, now);
  }

  /** Somebody who cannot prove it says that packets from there do not arrive. */
  suspect({ watched, answersEcho }: CorrespondentEntry, careOfAddress: Address, now: number): void {
    if (watched !== undefined && equalAddress(watched.careOfAddress, careOfAddress))
      doubt(watched, answersEcho, now);
  }

  /** Whether it is an Echo Reply that answers a probe. */
  receive(entry: CorrespondentEntry, octets: Uint8Array, now: number): boolean {
    if (octets[0] !== ECHO_REPLY || this.#secret === undefined || entry.watched === undefined) return false;
    const { path, prober } = entry.watched;
    const found = readEcho(octets, this.#secret);
    if (found?.identifier !== path.bid || !prober.answer(found.sequence, now)) return false;
    entry.answersEcho = true;
    entry.answered = true;
    return true;
  }

  #probe({ address }: CorrespondentEntry, path: DirectPath, sequence: number, device: string): void {
    this.#secret ??= this.#random(SECRET_LENGTH);
    const { bid, careOfAddress } = path;
    const packet = emitEcho(careOfAddress, address, bid, this.#secret, sequence, {
      homeAddress: this.#sender.home.homeAddress,
    });
    this.#outbox.counters.add('direct-path-probed');
    this.#outbox.send(packet, address, device);
  }
}

const newWatched = (path: DirectPath, now: number): Watched => ({
  path,
  careOfAddress: path.careOfAddress,
  prober: new PathProber(PROFILE, now),
  since: now,
  heardAt: Number.NEGATIVE_INFINITY,
  flows: false,
  doubtedAt: now,
  provenAt: Number.NEGATIVE_INFINITY,
});

/** Who answers no Echo is asked to acknowledge the binding again. */
function doubt(watched: Watched, answersEcho: boolean, now: number): void {
  const { path, prober } = watched;
  if (watched.doubtedAt < Math.max(prober.answeredAt, watched.heardAt)) watched.doubtedAt = now;
  prober.suspect(now);
  if (answersEcho || !prober.isUnheard || now - watched.provenAt < PROOF_INTERVAL) return;
  watched.provenAt = now;
  if (path.binding !== undefined) path.binding.refreshAt = now;
}
