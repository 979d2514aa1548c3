/** `kedge monitor`: one event, one line. */
import type { EventReport } from '../engine/status.ts';
import type { Level } from '../engine/types.ts';
import { printable, type Screen, type Style } from './layout.ts';

const STYLES: Readonly<Partial<Record<Level, Style>>> = { error: 'bad', warning: 'warning', debug: 'faint' };

/** `2026-11-21T03:31:07.123Z binding-registered: text`; the level stands before the name when it matters. */
export function renderEvent(event: EventReport, screen: Screen): string {
  const time = new Date(event.time).toISOString();
  const level = event.level === 'error' || event.level === 'warning' ? `${event.level}: ` : '';
  return screen.paint(`${time} ${level}${event.name}: ${printable(event.text)}`, STYLES[event.level]);
}
