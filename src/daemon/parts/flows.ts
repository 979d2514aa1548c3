/** What telling flows apart takes, at mobile routers and home agents alike; loaded where it is installed. */
export * as routerFlows from '../../engine/mobile-router/flows.ts';
export { ClassifierLoader } from '../../forwarding/classifier-loader.ts';
export { explain, reportFlows } from '../flows.ts';
