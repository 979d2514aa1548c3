/** Status of a flow binding (RFC 6089 §4.2); 128 and above: it was refused. */
export const FLOW_STATUS = {
  successful: 0,
  prohibited: 128,
  rejected: 129,
  malformed: 130,
  bidNotFound: 131,
  fidNotFound: 132,
  selectorNotSupported: 133,
} as const;
