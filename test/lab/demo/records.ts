/** What the demo's scenario tells the screen and the judge, beside the records of every scenario. */
import type { EchoReport, TransferReport } from '../record.ts';

export type ActKind =
  /** Nothing is done to the network. */
  'steady' | 'carrier-loss' | 'silent-loss' | 'planned-move' | 'router-kill' | 'anchor-kill';

/** Something is about to be done; it lasts until the next act. Times in this file: monotonic milliseconds. */
export interface Act {
  readonly at: number;
  readonly kind: ActKind;
  readonly text: string;
}

export type DaemonHost = 'router' | 'anchor';
export type UplinkName = 'lte' | 'wifi';
export const UPLINKS = ['lte', 'wifi'] as const;

export interface UplinkSample {
  readonly name: UplinkName;
  /** As `kedge status --json` says. */
  readonly state: string;
  readonly carrier: boolean;
  readonly rtt: number | null;
  readonly loss: number | null;
}

/** A few times a second. */
export interface Tick {
  readonly echo: EchoReport;
  /** Octets that the router has sent and received by device, as its kernel counts them. */
  readonly octets: Readonly<Record<UplinkName | 'lan', number>>;
  /** Global addresses of the LAN host, RFC 5952 text. */
  readonly lanAddresses: readonly string[];
}

/** What the bounds are held against. */
export interface Outcome {
  readonly acts: readonly Act[];
  readonly echo: EchoReport;
  readonly transfer: TransferReport;
  readonly firstEcho: number;
  /** From the start of the router's daemon, milliseconds. */
  readonly firstBindingUpdateAfter: number;
  readonly firstEchoAfter: number;
  /** The most that was seen, KiB. */
  readonly resident: number;
  /** Every set of addresses the LAN host was seen with. */
  readonly lanAddresses: readonly string[];
}

export type DemoRecord =
  | { readonly record: 'demo-act'; readonly act: Act }
  | { readonly record: 'demo-started'; readonly firstEcho: number }
  /** A daemon was started or killed. */
  | { readonly record: 'demo-daemon'; readonly host: DaemonHost; readonly up: boolean }
  /** An end of the tunnels says over which uplink it sends now. */
  | { readonly record: 'demo-path'; readonly host: DaemonHost; readonly uplink: UplinkName | null }
  | {
      readonly record: 'demo-router';
      readonly uplinks: readonly UplinkSample[];
      /** Memory of helper and script together, KiB. */
      readonly resident: number;
    }
  | { readonly record: 'demo-tick'; readonly tick: Tick }
  | { readonly record: 'demo-outcome'; readonly outcome: Outcome };
