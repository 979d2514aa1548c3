/** What a mobile router makes of the prefixes of its home network; loaded where it is installed. */
export { PrefixDiscovery } from '../../engine/mobile-router/renumbering/prefix-discovery.ts';
export { Renumbering } from '../renumbering.ts';
