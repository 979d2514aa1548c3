/** What a scenario tells the test that runs it: JSON objects, one a console line. Both sides import these types. */

/** A value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A line from inside the lab. `at` is the lab kernel's monotonic clock, milliseconds. */
export interface LabRecord {
  readonly record: string;
  readonly at: number;
  readonly [name: string]: Json;
}

/** A run of consecutive echoes that never came back. */
export interface LostRun {
  /** Sequence number of the first lost datagram. */
  readonly first: number;
  readonly count: number;
  /** When the first one was sent, milliseconds of the monotonic clock. */
  readonly at: number;
}

/** The report of `labtool echo-client`. Without any answer there is no `rtt_ms`. */
export interface EchoReport {
  readonly event: 'report' | 'result';
  readonly at: number;
  readonly sent: number;
  readonly received: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Datagrams the sender's own kernel would not take (no route); they are among the lost. */
  readonly refused: number;
  readonly lost: number;
  readonly lost_runs: readonly LostRun[];
  /** The longest lost run times the interval, milliseconds. */
  readonly outage_ms: number;
  readonly rtt_ms?: {
    readonly min: number;
    readonly median: number;
    readonly max: number;
    /** Of the answer that came last. */
    readonly latest: number;
  };
}

/** The result of `labtool tcp-client`; `ok` means that the receiver got every octet in its place. */
export interface TransferReport {
  readonly event: 'result';
  readonly ok: boolean;
  readonly bytes: number;
  readonly checksum: string;
  readonly ms: number;
  readonly mbit_s: number;
  readonly retransmits: number;
  readonly mss: number;
  readonly pmtu: number;
  readonly error?: string;
}
