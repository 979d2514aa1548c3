/** Persistent Destination Unreachable errors about care-of addresses (RFC 6275 §9.3.4). */
import { equalAddress } from '../../wire/address.ts';
import { receiveIcmpv6Error } from '../invoking-packet.ts';
import type { ReceivedPacket } from '../types.ts';
import type { Binding, BindingCache } from './binding-cache.ts';

/** ICMPv6 type. */
export const DESTINATION_UNREACHABLE = 1;
/** So many errors within so many milliseconds, with nothing heard of the node in between, mean that it has gone. */
const ERRORS = 3;
const WINDOW = 30_000;

export class UnreachableWatch {
  /** When the latest errors about a binding came; bindings that are forgotten take theirs with them. */
  readonly #errors = new WeakMap<Binding, number[]>();

  /** The node is there. */
  forget(binding: Binding): void {
    this.#errors.delete(binding);
  }

  /** @returns the binding that is of no use any more */
  receive(packet: ReceivedPacket, cache: BindingCache, now: number): Binding | undefined {
    const binding = bindingOf(packet, cache);
    if (binding === undefined) return undefined;
    const recent = (this.#errors.get(binding) ?? []).filter(at => now - at < WINDOW);
    recent.push(now);
    this.#errors.set(binding, recent);
    return recent.length >= ERRORS ? binding : undefined;
  }
}

/** Which binding led the packet in error away: it went to the care-of address, with the home address in its routing header. */
function bindingOf(packet: ReceivedPacket, cache: BindingCache): Binding | undefined {
  const error = receiveIcmpv6Error(packet);
  if (error?.kind !== 'destination-unreachable' || error.invoking.routingHome === undefined) return undefined;
  const { source, destination, routingHome } = error.invoking;
  const peer = cache.find(source, routingHome);
  return [...(peer?.bindings.values() ?? [])].find(binding =>
    equalAddress(binding.careOfAddress, destination),
  );
}
