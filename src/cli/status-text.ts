/** `kedge status` for people: first what is in use and why, then the details. */
import type { Status } from '../engine/status.ts';
import { renderHomeAgent } from './home-agent-text.ts';
import { flow, type Screen } from './layout.ts';
import { renderMobileRouter } from './mobile-router-text.ts';
import { painted } from './report-parts.ts';
import { duration } from './units.ts';

/** Lines without line ends. */
export function renderStatus(status: Status, screen: Screen): string[] {
  const lines = [`kedge ${status.version}, running for ${duration(status.uptime)}`];
  for (const warning of status.warnings) {
    lines.push(...painted(flow([`warning: ${warning}`], '', '', screen.width), 'warning', screen));
  }
  if (status.mobileRouter !== null) lines.push('', ...renderMobileRouter(status.mobileRouter, screen));
  if (status.homeAgent !== null) lines.push('', ...renderHomeAgent(status.homeAgent, screen));
  if (status.mobileRouter === null && status.homeAgent === null) {
    lines.push('', 'No role: the configuration has no enabled mobile_router or home_agent section.');
  }
  return lines;
}
