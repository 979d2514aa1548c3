/** The figures beside those of others, for people. */
import type { Outcome } from './records.ts';
import type { Figures } from './verdict.ts';

/**
 * Measured on exactly this network and kernel: UMIP at its best settings; WireGuard with scripts that watch the uplinks
 * and change the endpoint.
 */
const OTHERS = {
  carrierLoss: ['50-55 ms', '50-100 ms'],
  silentLoss: ['does not survive it', '3.4-15 s'],
  plannedMove: ['60-70 ms', '0 ms'],
  firstBinding: ['1.35 s', '-'],
  memory: ['5.9 MB', '-'],
} as const;

export function summary(figures: Figures, { transfer, lanAddresses }: Outcome): string[] {
  const { carrier_loss_ms: carrier, silent_loss_ms: silent } = figures;
  const kills = `${figures.mr_kill_lost + figures.ha_kill_lost} echoes lost`;
  const rows = [
    ['', 'kedge, this run', 'UMIP', 'WireGuard+scripts'],
    ['carrier loss', `${carrier.median} ms, at most ${carrier.max}`, ...OTHERS.carrierLoss],
    ['silent loss', `${silent.median} ms, at most ${silent.max}`, ...OTHERS.silentLoss],
    ['planned move', `${figures.planned_lost * 10} ms`, ...OTHERS.plannedMove],
    ['daemon killed', kills, '-', '-'],
    ['first binding after', `${(figures.first_bu_ms / 1000).toFixed(2)} s`, ...OTHERS.firstBinding],
    ["router's memory", `${((figures.mr_rss_kib * 1024) / 1e6).toFixed(1)} MB`, ...OTHERS.memory],
  ];
  const widths = [21, 22, 21, 0];
  const table = rows.map(row =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('')
      .trimEnd(),
  );
  const size = (transfer.bytes / 1e6).toFixed(1);
  return [
    'Time without echo, all measured on this network (physical limit: 50 ms).',
    ...table.map(line => `  ${line}`),
    `TCP: ${size} MB over all of it, ${transfer.ok ? 'checksum right' : 'NOT WHOLE'}, segments of ${transfer.mss} octets.`,
    `The LAN host was ${lanAddresses.join(', then ')} all the time.`,
  ];
}
