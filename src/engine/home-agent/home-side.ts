/**
 * The home agent's other side (draft-ietf-monami6-mipv6-analysis-01 §6.1.3): whether it reaches the correspondents of its nodes.
 * Hosts that stand for all of them are asked for echoes (RFC 4443 §4.1). When none answers any more, the home agent falls silent
 * to its nodes, so that they go to another one (RFC 6275 §11.4.1), as if it were dead: nothing that anybody could forge is said.
 */
import { type Address, equalAddress, formatAddress } from '../../wire/address.ts';
import { emitEcho, readEcho, SECRET_LENGTH } from '../echo.ts';
import type { Outbox } from '../outbox.ts';
import type { ReceivedPacket } from '../types.ts';

/** Milliseconds between requests, and of silence that cut it off. */
const INTERVAL = 1000;
const SILENCE = 5000;

/** Times are monotonic, milliseconds. */
export class HomeSide {
  /** `unknown`: nobody has answered yet, and nothing follows from that. */
  state: 'unknown' | 'reached' | 'cut-off' = 'unknown';
  readonly #address: Address;
  readonly #watched: readonly Address[];
  readonly #outbox: Outbox;
  /** In each request: strangers cannot answer it. */
  readonly #secret: Uint8Array;
  #nextAt = 0;
  #answeredAt = 0;

  /**
   * @param address of the home agent
   * @param watched none: the state is never another one than `unknown`
   * @param random uniform in [0, 1), unpredictable to others
   */
  constructor(address: Address, watched: readonly Address[], outbox: Outbox, random: () => number) {
    this.#address = address;
    this.#watched = watched;
    this.#outbox = outbox;
    this.#secret = Uint8Array.from({ length: SECRET_LENGTH }, () => Math.floor(random() * 256));
  }

  nextWake(): number {
    return this.#watched.length === 0 ? Number.POSITIVE_INFINITY : this.#nextAt;
  }

  step(now: number): void {
    if (now < this.nextWake()) return;
    this.#nextAt = now + INTERVAL;
    for (const destination of this.#watched) {
      this.#outbox.send(emitEcho(this.#address, destination, 0, this.#secret, 0), destination);
    }
    if (this.state === 'reached' && now - this.#answeredAt > SILENCE) this.#turn('cut-off');
  }

  /** An echo reply; of others nothing is made. */
  receive({ source, bytes }: ReceivedPacket, now: number): void {
    if (!this.#watched.some(address => equalAddress(address, source))) return;
    if (readEcho(bytes, this.#secret) === undefined) return;
    this.#answeredAt = now;
    if (this.state !== 'reached') this.#turn('reached');
  }

  #turn(state: HomeSide['state']): void {
    const wasCutOff = this.state === 'cut-off';
    this.state = state;
    const hosts = this.#watched.map(formatAddress);
    const data = { hosts };
    if (state === 'cut-off') {
      const text = `no answer from ${hosts.join(', ')}: silent to mobile routers, which go to another home agent`;
      this.#outbox.event('error', 'home-side-cut-off', text, data);
    } else if (wasCutOff) {
      this.#outbox.event('notice', 'home-side-reached', `${hosts.join(' or ')} answers again`, data);
    }
  }
}
