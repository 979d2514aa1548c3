/** What a mobile router takes that has its prefixes delegated; loaded where one is configured. */
export { leasedConfig } from '../../engine/prefix-delegation/leased-config.ts';
export { RequestingRouter } from '../../engine/prefix-delegation/requesting-router.ts';
export { DelegationSockets } from '../delegation-sockets.ts';
