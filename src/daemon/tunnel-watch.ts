/** Counts who talks to home addresses through tunnels, and tells it now and then. */
import { type CountedPair, LIST_TUNNELED, readTunneled, tunneledText } from '../forwarding/tunneled-text.ts';
import { now } from '../host/clock.ts';
import type { Helper } from '../host/helper.ts';
import type { LogSink } from '../host/log.ts';
import { Timer } from '../host/timer.ts';
import { type Address, addressKey } from '../wire/address.ts';
import type { Journal } from './journal.ts';

/** ms between two looks. */
const INTERVAL = 10_000;
/** In the journal: the table is there. */
const RECORD = 'tunneled';

export class TunnelWatch {
  readonly #helper: Helper;
  readonly #log: LogSink;
  readonly #journal: Journal;
  readonly #tell: (pairs: readonly CountedPair[]) => void;
  readonly #timer = new Timer(() => this.#look());
  /** Packets of each pair at the last look. */
  #counts = new Map<string, number>();
  #text = '';
  #complaint = '';

  constructor(helper: Helper, log: LogSink, journal: Journal, tell: (pairs: readonly CountedPair[]) => void) {
    this.#helper = helper;
    this.#log = log;
    this.#journal = journal;
    this.#tell = tell;
  }

  /** Of these from now on; none: of nobody, and nothing is left in the kernel. */
  watch(homeAddresses: readonly Address[]): void {
    const isWanted = homeAddresses.length > 0;
    this.#timer.set(isWanted ? now().monotonic + INTERVAL : undefined);
    if (!isWanted && !this.#journal.records.has(RECORD)) return;
    const text = tunneledText(homeAddresses);
    if (text === this.#text) return;
    this.#text = text;
    this.#journal.set(RECORD, isWanted ? {} : undefined);
    this.#load();
  }

  async #load(): Promise<void> {
    const { status, text } = await this.#helper.nft(this.#text);
    if (status === 0 || text === this.#complaint) return;
    this.#complaint = text;
    this.#log('error', `correspondents are not found by their traffic: ${text.trim()}`);
  }

  async #look(): Promise<void> {
    this.#timer.set(now().monotonic + INTERVAL);
    const { status, text } = await this.#helper.nft(LIST_TUNNELED);
    // Somebody has flushed all tables.
    if (status !== 0) return this.#load();
    const pairs = readTunneled(text);
    const counts = new Map(pairs.map(pair => [keyOf(pair), pair.packets]));
    // What has been counted stands there for a while.
    const fresh = pairs.filter(pair => pair.packets !== this.#counts.get(keyOf(pair)));
    this.#counts = counts;
    if (fresh.length > 0) this.#tell(fresh);
  }
}

const keyOf = ({ source, destination }: CountedPair): string => addressKey(source) + addressKey(destination);
