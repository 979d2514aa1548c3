/** labtool's generators as a scenario uses them. */
import type { EchoReport, TransferReport } from '../record.ts';
import type { Network } from './network.ts';
import { LABTOOL, type Process } from './process.ts';

export const ECHO_PORT = '7';
const TRANSFER_PORT = '5001';

/** Starts the UDP echo server and the TCP receiver of a host. */
export async function startServers(network: Network, host: string): Promise<void> {
  const echo = network.start(host, `echo-server-${host}`, [LABTOOL, 'echo-server', ECHO_PORT]);
  const transfer = network.start(host, `tcp-server-${host}`, [LABTOOL, 'tcp-server', TRANSFER_PORT]);
  await Promise.all([echo.nextEvent('listening'), transfer.nextEvent('listening')]);
}

function operands(options: object): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

export interface EchoOptions {
  /** Milliseconds between datagrams (10). */
  readonly interval?: number;
  /** Octets of UDP payload (64). */
  readonly size?: number;
  /** Stop by itself after so many. */
  readonly count?: number;
  /** How long an echo may take before it counts as lost, milliseconds (1000). */
  readonly settle?: number;
  readonly source?: string;
  /** Source ports, used in turn (1), and the first of them. */
  readonly flows?: number;
  readonly from?: number;
  /** Traffic class, an octet. */
  readonly class?: number;
  /** Port of the server (7). */
  readonly port?: number;
}

/** A stream of UDP echoes from a host. */
export class Echo {
  readonly process: Process;

  constructor(
    network: Network,
    host: string,
    peer: string,
    options: EchoOptions = {},
    name = `echo-${host}`,
  ) {
    const { port = ECHO_PORT, ...others } = options;
    this.process = network.start(host, name, [LABTOOL, 'echo-client', peer, `${port}`, ...operands(others)]);
  }

  /** Resolves with the first answer: when it came and when its question was sent. */
  first(): Promise<{ at: number; sequence: number; sent_at: number }> {
    return this.process.nextEvent('first-echo');
  }

  /** The figures so far; what is younger than `settle` does not count as lost yet. */
  report(): Promise<EchoReport> {
    this.process.send('report');
    return this.process.nextEvent('report');
  }

  /** Ends the stream, waits for the last answers. */
  stop(): Promise<EchoReport> {
    this.process.send('stop');
    return this.process.nextEvent('result');
  }

  /** The report of a stream with `count`. */
  result(): Promise<EchoReport> {
    return this.process.nextEvent('result');
  }
}

export interface TransferOptions {
  /** Octets to send; without it until `stop`. */
  readonly bytes?: number;
  /** Bits a second; in virtual time a transfer over a link without a rate needs one. */
  readonly rate?: number;
  readonly source?: string;
}

/** A TCP transfer from a host to the receiver of another one. */
export class Transfer {
  readonly process: Process;

  constructor(
    network: Network,
    host: string,
    peer: string,
    options: TransferOptions = {},
    name = `transfer-${host}`,
  ) {
    this.process = network.start(host, name, [
      LABTOOL,
      'tcp-client',
      peer,
      TRANSFER_PORT,
      ...operands(options),
    ]);
  }

  stop(): Promise<TransferReport> {
    this.process.send('stop');
    return this.result();
  }

  result(): Promise<TransferReport> {
    return this.process.nextEvent('result');
  }
}
