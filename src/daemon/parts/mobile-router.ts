/** What a mobile router consists of; loaded where one is configured. */
export { MobileRouter } from '../../engine/mobile-router/mobile-router.ts';
export { reportMobileRouter } from '../../engine/mobile-router/report.ts';
export { routerForwarding } from '../../forwarding/router-forwarding.ts';
export { RouterTunnels } from '../../forwarding/router-tunnels.ts';
export { ThroughUplinks } from '../through-uplinks.ts';
