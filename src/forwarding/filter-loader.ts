/** Loads the nftables table when it changed, one `nft` at a time; the newest text wins. */
import type { ClassifierLoader } from './classifier-loader.ts';
import { type Copies, copiesText } from './copies.ts';
import { nftablesText } from './nftables.ts';
import type { ReconcilerHost } from './reconciler.ts';
import type { Classifier, Filter } from './state.ts';

/** ms */
const RETRY_DELAY = 10_000;

type Host = Pick<ReconcilerHost, 'runNft' | 'schedule' | 'report' | 'cannotCopy'>;

export class FilterLoader {
  readonly #host: Host;
  #classifiers: ClassifierLoader | undefined;
  #filter: Filter | undefined;
  #wanted: string | undefined;
  #loaded: string | undefined;
  #plans: readonly Copies[] = [];
  #copies: string | undefined;
  /** Loaded, or refused: what the kernel lacks it will lack until it is told to load all again. */
  #copiesTried: string | undefined;
  #running = false;
  #latestRun = Promise.resolve();
  #complaint: string | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** From now on there may be classifiers. */
  classify(Part: typeof ClassifierLoader): void {
    this.#classifiers ??= new Part();
  }

  /**
   * Resolves when all is loaded, or was refused and will be tried again.
   * @param classifiers those that may have changed, by part; all go with the filter
   * @param copies in a table of their own, for the kernel may lack what they need
   */
  want(
    filter: Filter | undefined,
    classifiers: ReadonlyMap<string, Classifier | undefined> = new Map(),
    copies: readonly Copies[] = [],
  ): Promise<void> {
    if (copies !== this.#plans && (copies.length > 0 || this.#copies !== undefined))
      this.#copies = copiesText(copies);
    this.#plans = copies;
    for (const [part, classifier] of classifiers) this.#classifiers?.want(part, classifier);
    // To write the text of a thousand nodes takes longer than all else that a change of one causes.
    if (this.#wanted === undefined || filter !== this.#filter) this.#wanted = nftablesText(filter);
    this.#filter = filter;
    return this.#run();
  }

  /** Loads it again even though it did not change. */
  reload(): void {
    this.#loaded = undefined;
    this.#copiesTried = undefined;
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
    for (;;) {
      const filter = this.#wanted;
      if (filter === undefined) break;
      const anew = filter !== this.#loaded;
      if (anew) this.#classifiers?.forget();
      const script = this.#filter && this.#classifiers?.script();
      if (!anew && script === undefined) {
        if (this.#copies === this.#copiesTried) break;
        await this.#loadCopies();
        continue;
      }
      const error = await this.#host.runNft((anew ? filter : '') + (script?.text ?? ''));
      if (error !== undefined) {
        if (error !== this.#complaint) this.#host.report('error', `nft refuses the filter: ${error}`);
        this.#complaint = error;
        this.#cancelRetry = this.#host.schedule(RETRY_DELAY, () => this.#run());
        break;
      }
      this.#complaint = undefined;
      this.#loaded = filter;
      script?.taken();
    }
    this.#running = false;
  }

  async #loadCopies(): Promise<void> {
    const text = this.#copies;
    this.#copiesTried = text;
    const error = text && (await this.#host.runNft(text));
    if (!error) return;
    this.#host.report('error', `no flow is replicated (it takes kmod-nft-dup-inet): ${error}`);
    this.#host.cannotCopy();
  }
}
