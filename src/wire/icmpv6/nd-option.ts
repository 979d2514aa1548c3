/** The options of Neighbor Discovery (RFC 4861 §4.6), which the Mobile Prefix messages use too: their registry. */
import type { OpaqueOption, OptionOf } from '../option-format.ts';
import { OptionSet } from '../option-set.ts';
import { advertisementInterval } from './options/advertisement-interval.ts';
import { homeAgentInformation } from './options/home-agent-information.ts';
import { mtu } from './options/mtu.ts';
import { prefixInformation } from './options/prefix-information.ts';
import { sourceLinkLayerAddress } from './options/source-link-layer-address.ts';
import { targetLinkLayerAddress } from './options/target-link-layer-address.ts';

/** IANA "IPv6 Neighbor Discovery Option Formats", by number. */
const FORMATS = [
  sourceLinkLayerAddress,
  targetLinkLayerAddress,
  prefixInformation,
  mtu,
  advertisementInterval,
  homeAgentInformation,
] as const;

type StructuredOption = OptionOf<(typeof FORMATS)[number]>;
/** The data of an opaque one has 8n+6 octets. */
export type NdOption = StructuredOption | OpaqueOption;
export type NdOptionOfKind<K extends NdOption['kind']> = Extract<NdOption, { kind: K }>;

export const ND_OPTIONS = new OptionSet<StructuredOption>(
  { what: 'Neighbor Discovery option', section: 'RFC 4861 §4.6', pads: false, unit: 8 },
  FORMATS,
);
