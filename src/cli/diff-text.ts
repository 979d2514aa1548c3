/** `kedge diff`: what the daemon would change in the kernel. */
import type { DiffReport, ForwardingChange } from '../engine/status.ts';
import { printable, type Screen, type Style } from './layout.ts';

const MARKS: Readonly<Record<ForwardingChange['action'], { readonly mark: string; readonly style: Style }>> =
  {
    add: { mark: '+', style: 'good' },
    remove: { mark: '-', style: 'bad' },
    change: { mark: '~', style: 'warning' },
  };

/** Lines without line ends; `+` adds, `-` removes, `~` changes. Long lines are left whole, for `grep`. */
export function renderDiff(report: DiffReport, screen: Screen): string[] {
  if (report.changes.length === 0) return ['no difference: the kernel has what kedge wants'];
  return report.changes.map(({ action, kind, text }) => {
    const { mark, style } = MARKS[action];
    return screen.paint(`${mark} ${kind} ${printable(text)}`, style);
  });
}
