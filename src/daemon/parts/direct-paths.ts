/** What the direct way takes, at mobile routers and correspondents alike; loaded where it is installed. */
export { RouteOptimization } from '../../engine/mobile-router/route-optimization/route-optimization.ts';
export { icmpv6Types, restatedTooBig } from '../../engine/packet-too-big.ts';
export { DirectForwarding } from '../../forwarding/direct-forwarding.ts';
export { DirectPath } from '../direct-path.ts';
