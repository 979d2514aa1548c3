/** What a home agent takes that delegates prefixes; loaded where one is configured. */
export { DelegatingRouter } from '../../engine/prefix-delegation/delegating-router.ts';
export { DelegationSockets } from '../delegation-sockets.ts';
