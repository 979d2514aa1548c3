/** Every message in the log, for those who look for a fault: at log level `debug`. */
import { packetLine } from '../decode/line.ts';
import { decodePacket } from '../decode/packet.ts';
import type { ReceivedPacket } from '../engine/types.ts';
import type { LogSink } from '../host/log.ts';
import { emitIpv6 } from '../wire/ipv6.ts';

export class Trace {
  readonly #log: LogSink;

  constructor(log: LogSink) {
    this.#log = log;
  }

  received({ source, destination, nextHeader, bytes, hopLimit, device }: ReceivedPacket): void {
    this.#tell(`received on ${device}`, emitIpv6(source, destination, nextHeader, bytes, hopLimit));
  }

  sent(packet: Uint8Array, device: string | undefined): void {
    this.#tell(device === undefined ? 'sent' : `sent on ${device}`, packet);
  }

  #tell(what: string, packet: Uint8Array): void {
    const decoded = decodePacket(packet, 6);
    const faults = decoded.faults.map(({ where, rule }) => ` [${where} ${rule}]`).join('');
    this.#log('debug', `${what}: ${packetLine(decoded)}${faults}`);
  }
}
