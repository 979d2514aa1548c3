/** What telling flows apart takes, at mobile routers and home agents alike; loaded where it is installed. */
export { Policy } from '../../engine/mobile-router/policy.ts';
export { ClassifierLoader } from '../../forwarding/classifier-loader.ts';
export { explain, reportFlows } from '../flows.ts';
