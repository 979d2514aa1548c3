/** The logical interfaces of netifd, as `ubus call network.interface dump` tells them. */
import type { JsonObject, JsonValue } from '../engine/types.ts';
import { type Address, parseAddress } from '../wire/address.ts';

export interface NetworkInterface {
  readonly name: string;
  /** Protocol handler, e.g. `dhcpv6`. */
  readonly protocol: string;
  readonly up: boolean;
  /** Network device that its packets pass, e.g. `pppoe-wan`; undefined while it is not up. */
  readonly device: string | undefined;
  /** Next hop of its default route, which need not be in force; `::`: none is needed; undefined: there is no such route. */
  readonly gateway: Address | undefined;
}

/** Whatever makes no sense is left out. */
export function parseInterfaces(dump: JsonObject): NetworkInterface[] {
  return objectsIn(dump.interface).flatMap(found => {
    const { interface: name, proto, up, l3_device: device } = found;
    if (typeof name !== 'string') return [];
    const isUp = up === true;
    return [
      {
        name,
        protocol: String(proto ?? ''),
        up: isUp,
        device: isUp && typeof device === 'string' ? device : undefined,
        gateway: gatewayOf(found),
      },
    ];
  });
}

/** With `option defaultroute 0` the route is among the inactive ones. */
function gatewayOf({ route, inactive }: JsonObject): Address | undefined {
  const routes = [...objectsIn(route), ...objectsIn(objectsIn([inactive ?? null])[0]?.route)];
  const found = routes.find(({ target, mask }) => target === '::' && mask === 0);
  return typeof found?.nexthop === 'string' ? parseAddress(found.nexthop) : undefined;
}

function objectsIn(value: JsonValue | undefined): JsonObject[] {
  const isObject = (item: JsonValue): item is JsonObject =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter(isObject) : [];
}
