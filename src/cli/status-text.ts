/** `kedge status` for people: first what is in use and why, then the details. */
import { mobileRoutersOf, type Status } from '../engine/status.ts';
import { flow, type Screen } from './layout.ts';
import { renderMobileRouter } from './mobile-router-text.ts';
import { painted } from './report-parts.ts';
import { duration } from './units.ts';

/** Lines without line ends. The text of a role is installed where the role is. */
export async function renderStatus(status: Status, screen: Screen): Promise<string[]> {
  const { homeAgent, correspondent } = status;
  const lines = [`kedge ${status.version}, running for ${duration(status.uptime)}`];
  for (const warning of status.warnings) {
    lines.push(...painted(flow([`warning: ${warning}`], '', '', screen.width), 'warning', screen));
  }
  for (const router of mobileRoutersOf(status)) lines.push('', ...renderMobileRouter(router, screen));
  if (homeAgent !== null) {
    const { renderHomeAgent } = await import('./home-agent-text.ts');
    lines.push('', ...renderHomeAgent(homeAgent, screen));
  }
  if (correspondent !== null) {
    const { renderCorrespondent } = await import('./correspondent-text.ts');
    lines.push('', ...renderCorrespondent(correspondent, screen));
  }
  if (status.mobileRouter === null && homeAgent === null && correspondent === null) {
    const sections = 'mobile_router, home_agent or correspondent section';
    lines.push('', ...flow([`No role: the configuration has no enabled ${sections}.`], '', '', screen.width));
  }
  return lines;
}
