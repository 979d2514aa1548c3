/** What a home agent consists of; loaded where one is configured. */
export { HomeAgent } from '../../engine/home-agent/home-agent.ts';
export { reportHomeAgent } from '../../engine/home-agent/report.ts';
export { AnchorForwarding } from '../../forwarding/anchor-forwarding.ts';
