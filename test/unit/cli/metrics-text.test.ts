import { expect, test } from 'vitest';
import { renderMetrics } from '../../../src/cli/metrics-text.ts';
import { ROUTER, statusOf } from './sample.ts';

/** A line of the text format: a name, labels, a number. */
const SAMPLE =
  /^kedge_[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? -?\d+(\.\d+)?(e-?\d+)?$/;
const TYPE = /^# TYPE (kedge_[a-z_]+) (gauge|counter)$/;

test('each series once, below the type of its family', () => {
  const lines = renderMetrics(statusOf({ mobileRouter: ROUTER }));
  const series = lines.filter(line => !line.startsWith('#'));
  expect(new Set(series.map(line => line.slice(0, line.lastIndexOf(' ')))).size).toBe(series.length);
  let family = '';
  const families: string[] = [];
  for (const line of lines) {
    const type = TYPE.exec(line);
    if (type !== null) {
      family = type[1]!;
      families.push(family);
    } else {
      expect(line).toMatch(SAMPLE);
      expect(line.split(/[ {]/)[0]).toBe(family);
    }
  }
  expect(new Set(families).size).toBe(families.length);
});

test('units are seconds and shares; names are quoted', () => {
  const router = { ...ROUTER, name: 'a"b\\c\nd' };
  const lines = renderMetrics(statusOf({ mobileRouter: router }));
  const labels = 'router="a\\"b\\\\c\\nd",uplink="lte"';
  expect(lines.find(line => line.startsWith(`kedge_path_rtt_seconds{${labels}} 0.04017`))).toBeDefined();
  expect(lines).toContain(`kedge_path_receive_bytes_total{${labels}} 1234567890`);
  expect(lines).toContain('# TYPE kedge_path_receive_bytes_total counter');
  expect(lines).toContain(`kedge_uplink_active{${labels}} 1`);
});
