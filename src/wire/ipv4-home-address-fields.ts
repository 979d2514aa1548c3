/** What the options about IPv4 home addresses share (RFC 5555 §3, RFC 5844 §3.3). */

/** Status of an IPv4 home address. Below 128: success. */
export const IPV4_HOME_ADDRESS_STATUS_NAMES = {
  0: 'success',
  128: 'reason unspecified',
  129: 'administratively prohibited',
  130: 'incorrect IPv4 home address',
  131: 'invalid IPv4 address',
  132: 'dynamic IPv4 home address assignment not available',
  133: 'prefix allocation unauthorized', // RFC 5555 only
};

/** The rule of a field that could say more bits than an IPv4 address has. */
export function ipv4PrefixRule({ prefixLength }: { readonly prefixLength: number }): string | undefined {
  return prefixLength > 32 ? `prefix length ${prefixLength} is above 32` : undefined;
}
