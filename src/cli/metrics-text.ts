/** `kedge metrics`: the status in Prometheus' text format (version 0.0.4). Times are seconds, shares are 0 to 1. */
import { mobileRoutersOf, type PathReport, type Status } from '../engine/status.ts';

type Labels = Readonly<Record<string, string>>;

export function renderMetrics(status: Status): string[] {
  const families = new Map<string, string[]>();
  const add = (name: string, labels: Labels, value: number | boolean | null | undefined): void => {
    if (value === null || value === undefined) return;
    const type = name.endsWith('_total') ? 'counter' : 'gauge';
    const lines = families.get(name) ?? [`# TYPE kedge_${name} ${type}`];
    lines.push(`kedge_${name}${labelText(labels)} ${Number(value)}`);
    families.set(name, lines);
  };
  const addPath = (labels: Labels, path: PathReport | null): void => {
    if (path === null) return;
    add('path_alive', labels, path.state === 'alive');
    add('path_rtt_seconds', labels, path.rtt && path.rtt / 1000);
    add('path_loss_ratio', labels, path.loss / 100);
    add('path_receive_bytes_total', labels, path.traffic?.rxOctets);
    add('path_transmit_bytes_total', labels, path.traffic?.txOctets);
  };
  const addCounters = (section: string, counters: Readonly<Record<string, number>>): void => {
    for (const [reason, count] of Object.entries(counters)) add('events_total', { section, reason }, count);
  };

  add('info', { version: status.version }, 1);
  add('uptime_seconds', {}, status.uptime);
  add('warnings', {}, status.warnings.length);
  for (const { name: router, active, uplinks, counters } of mobileRoutersOf(status)) {
    for (const { name: uplink, state, binding, path, budget } of uplinks) {
      const labels = { router, uplink };
      add('uplink_registered', labels, state === 'registered');
      add('uplink_active', labels, active.uplink === uplink);
      add('uplink_budget_bytes', labels, budget?.limit);
      add('uplink_budget_used_bytes', labels, budget?.used);
      add('binding_remaining_seconds', labels, binding?.remaining);
      addPath(labels, path);
    }
    addCounters(router, counters);
  }
  const { homeAgent, correspondent } = status;
  for (const { name: peer, bindings } of homeAgent?.nodes ?? []) {
    add('peer_bindings', { peer }, bindings.length);
    for (const { bid, lifetime, path } of bindings) {
      const labels = { peer, bid: `${bid}` };
      add('binding_remaining_seconds', labels, lifetime.remaining);
      addPath(labels, path);
    }
  }
  if (homeAgent !== null) addCounters(homeAgent.name, homeAgent.counters);
  if (correspondent !== null) addCounters(correspondent.name, correspondent.counters);
  return [...families.values()].flat();
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
