/** `kedge status` for people: first what is in use and why, then the details. */
import { mobileRoutersOf, type Status } from '../engine/status.ts';
import { renderCorrespondent } from './direct-text.ts';
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
  for (const router of mobileRoutersOf(status)) lines.push('', ...renderMobileRouter(router, screen));
  if (status.homeAgent !== null) lines.push('', ...renderHomeAgent(status.homeAgent, screen));
  if (status.correspondent !== null) lines.push('', ...renderCorrespondent(status.correspondent, screen));
  if (status.mobileRouter === null && status.homeAgent === null && status.correspondent === null) {
    const sections = 'mobile_router, home_agent or correspondent section';
    lines.push('', ...flow([`No role: the configuration has no enabled ${sections}.`], '', '', screen.width));
  }
  return lines;
}
