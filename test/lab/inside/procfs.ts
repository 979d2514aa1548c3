/** What the kernel tells of a network namespace: read from files, which costs no process. */
import * as std from 'std';
import { formatAddress } from '../../../src/wire/address.ts';

/** Empty when the file cannot be read. Not loadFile: that asks for a size, and these files have none. */
function read(path: string): string {
  const file = std.open(path, 'r');
  const text = file?.readAsString() ?? '';
  file?.close();
  return text;
}

/** Octets received and sent by each network device that the process sees. */
export function deviceOctets(pid: number): Map<string, number> {
  const lines = read(`/proc/${pid}/net/dev`).split('\n').slice(2);
  return new Map(
    lines.flatMap(line => {
      const [name, counters] = line.split(':');
      if (counters === undefined) return [];
      const fields = counters.trim().split(/\s+/).map(Number);
      return [[name!.trim(), fields[0]! + fields[8]!] as const];
    }),
  );
}

/** Global IPv6 addresses of the devices that the process sees, RFC 5952 text. */
export function globalAddresses(pid: number): string[] {
  return read(`/proc/${pid}/net/if_inet6`)
    .split('\n')
    .flatMap(line => {
      const [digits, , , scope] = line.split(/\s+/);
      if (!digits || scope !== '00') return [];
      return [formatAddress(Uint8Array.from(digits.match(/../g)!, pair => Number.parseInt(pair, 16)))];
    });
}

/** Packets that have come out of kedge's tunnels in the network namespace of the process. */
export function receivedByTunnels(pid: number): number {
  const counts = [...read(`/proc/${pid}/net/dev`).matchAll(/^ *kdg-\S+: *\d+ +(\d+)/gm)];
  return counts.reduce((sum, [, packets]) => sum + Number(packets), 0);
}

/** Whether a network namespace, that of the process, has a route by one of kedge's tunnels. */
export function hasRouteByTunnel(pid: number): boolean {
  return read(`/proc/${pid}/net/ipv6_route`)
    .split('\n')
    .some(line => / kdg-\S+$/.test(line) && !/^(fe80|ff00)/.test(line));
}
