import type { NamedType } from './option-set.ts';

/** Mobility options that are kept as octets: nobody here acts upon them. By number. */
export const OPAQUE_OPTIONS: Readonly<Record<number, NamedType>> = {
  46: { name: 'Redirect-Capability', section: 'RFC 6463 §4.1' },
  47: { name: 'Redirect', section: 'RFC 6463 §4.2' },
  48: { name: 'Load Information', section: 'RFC 6463 §4.3' },
  49: { name: 'Alternate IPv4 Care-of Address', section: 'RFC 6463 §4.4' },
  53: { name: 'IPv4 Traffic Offload Selector', section: 'RFC 6909' },
  54: { name: 'Dynamic IP Multicast Selector', section: 'RFC 7028' },
  60: { name: 'Multicast Mobility', section: 'RFC 7411 §5.3' },
  61: { name: 'Multicast Acknowledgement', section: 'RFC 7411 §5.4' },
};
