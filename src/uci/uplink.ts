/** From the `uplink` sections to the uplinks of a mobile router. */
import { checkDevices, checkUnique } from './consistency.ts';
import type { Reading, Report, Values } from './section-reader.ts';
import type { BudgetConfig, UplinkConfig } from './types.ts';

/** Most uplinks of a mobile router, disabled ones included. */
const MOST_UPLINKS = 16;
const WAYS = ['device', 'interface', 'through'] as const;

/**
 * Priorities and binding identifiers that are not given follow from the position among all uplinks of the router,
 * so that disabling one of them renumbers nothing.
 */
export function buildUplinks(
  router: Reading<'mobile_router'>,
  sections: readonly Reading<'uplink'>[],
  fault: Report,
): UplinkConfig[] {
  if (sections.length > MOST_UPLINKS) {
    fault(
      sections[MOST_UPLINKS]!.line,
      `${router.title} has ${sections.length} uplinks: expected at most ${MOST_UPLINKS}`,
    );
  }
  const uplinks = [];
  for (const [index, section] of sections.entries()) {
    if (!section.enabled) continue;
    const values = section.values as Values<'uplink'>;
    const { device, interface: name, through, care_of, priority, bid, metered } = values;
    const [, second] = WAYS.filter(option => section.has(option));
    if (second !== undefined || !WAYS.some(option => section.has(option))) {
      fault(
        second === undefined ? section.line : section.lineOf(second),
        `${section.title}: expected either option interface 'NAME', option device 'NAME' or option through 'MOBILE_ROUTER'`,
      );
    }
    uplinks.push({
      section,
      name: section.name,
      device: device ?? '',
      interface: name,
      ...(through !== undefined && { through }),
      careOf: care_of,
      priority: priority ?? index + 1,
      bid: bid ?? index + 1,
      ...(metered && { metered }),
      budget: budgetOf(section, fault),
      limits: limitsOf(values),
    });
  }
  if (uplinks.length === 0) {
    fault(
      router.line,
      `${router.title} has no enabled uplink: expected at least one section config uplink 'NAME'`,
    );
  }
  checkDevices(uplinks, fault);
  for (const option of ['priority', 'bid'] as const) {
    const identities = uplinks.map(uplink => ({
      owner: uplink.section.title,
      line: uplink.section.lineOf(option),
      value: uplink[option],
    }));
    checkUnique(option, identities, fault);
  }
  return uplinks.map(({ section: _, ...uplink }) => uplink);
}

function budgetOf(section: Reading<'uplink'>, fault: Report): BudgetConfig | undefined {
  const { budget, reset_day: resetDay, over_budget: over } = section.values as Values<'uplink'>;
  for (const option of ['reset_day', 'over_budget'] as const) {
    if (!section.has('budget') && section.has(option))
      fault(section.lineOf(option), `${section.title}: '${option}' without a budget: expected option budget`);
  }
  return budget === undefined ? undefined : { octets: budget, resetDay, closes: over === 'off' };
}

function limitsOf({ max_rtt: rtt, max_jitter: jitter, max_loss: percent }: Values<'uplink'>) {
  if (rtt === undefined && jitter === undefined && percent === undefined) return undefined;
  return {
    ...(rtt === undefined ? {} : { rtt }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(percent === undefined ? {} : { loss: percent / 100 }),
  };
}
