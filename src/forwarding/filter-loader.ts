/** Loads the nftables text when it changed, one `nft` at a time; the newest text wins. */
import { nftablesText } from './nftables.ts';
import type { ReconcilerHost } from './reconciler.ts';
import type { Filter } from './state.ts';

/** ms */
const RETRY_DELAY = 10_000;

export class FilterLoader {
  readonly #host: Pick<ReconcilerHost, 'runNft' | 'schedule' | 'report'>;
  #filter: Filter | undefined;
  #wanted: string | undefined;
  #loaded: string | undefined;
  #running = false;
  #latestRun = Promise.resolve();
  #complaint: string | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(host: Pick<ReconcilerHost, 'runNft' | 'schedule' | 'report'>) {
    this.#host = host;
  }

  /** Resolves when the filter is loaded, or was refused and will be tried again. */
  want(filter: Filter | undefined): Promise<void> {
    // To write the text of a thousand nodes takes longer than all else that a change of one causes.
    if (this.#wanted === undefined || filter !== this.#filter) this.#wanted = nftablesText(filter);
    this.#filter = filter;
    return this.#run();
  }

  /** Loads it again even though it did not change. */
  reload(): void {
    this.#loaded = undefined;
    this.#run();
  }

  #run(): Promise<void> {
    if (!this.#running) {
      this.#running = true;
      this.#latestRun = this.#load();
    }
    return this.#latestRun;
  }

  async #load(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    // Whatever else the same event causes goes first: starting a process takes its time.
    await undefined;
    while (this.#wanted !== undefined && this.#wanted !== this.#loaded) {
      const text = this.#wanted;
      const error = await this.#host.runNft(text);
      if (error !== undefined) {
        if (error !== this.#complaint) this.#host.report('error', `nft refuses the filter: ${error}`);
        this.#complaint = error;
        this.#cancelRetry = this.#host.schedule(RETRY_DELAY, () => this.#run());
        break;
      }
      this.#complaint = undefined;
      this.#loaded = text;
    }
    this.#running = false;
  }
}
