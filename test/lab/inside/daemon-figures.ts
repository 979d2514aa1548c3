/** What the kernel tells of a process and its child: memory and processor time. */
import * as os from 'os';
import * as std from 'std';

/** Milliseconds of a clock tick in /proc (USER_HZ). */
const TICK = 10;

/** Not loadFile: that asks for a size, and these files have none. Empty when the process is gone. */
function read(pid: number, name: string): string {
  const file = std.open(`/proc/${pid}/${name}`, 'r');
  const text = file?.readAsString() ?? '';
  file?.close();
  return text;
}

/** A number of /proc/<pid>/status; 0 when there is none. */
function statusNumber(pid: number, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(read(pid, 'status'))?.[1] ?? 0);
}

export function childOf(parent: number): number | undefined {
  const pids = os.readdir('/proc')[0].map(Number);
  return pids.find(pid => pid > 0 && statusNumber(pid, 'PPid') === parent);
}

/** Resident memory, KiB. */
export const residentMemory = (pid: number): number => statusNumber(pid, 'VmRSS');

/** User and system time that a process has used, milliseconds, as exact as the kernel's tick. */
export function processorTime(pid: number): number {
  const stat = read(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}
