/** Runs under QuickJS beneath kedged: `bindings COUNT` or `move COUNT`. Prints the figures as one object. */
import * as os from 'os';
import * as std from 'std';
import { readText } from '../../src/host/file.ts';
import { helperHmac } from '../../src/host/hmac.ts';
import { commandLine, exit, print } from '../../src/host/process.ts';
import { benchBindings, benchMove } from './scale.ts';

const hmac = helperHmac();
const clock = () => os.now();

/** Resident octets of this process, without garbage. */
function memory(): number {
  std.gc();
  const status = readText('/proc/self/status');
  return status.ok ? Number(/^VmRSS:\s+(\d+)/m.exec(status.value)![1]) * 1024 : Number.NaN;
}

function finish(figures: Record<string, number>): void {
  print(JSON.stringify(figures));
  exit(0);
}

const [what, number] = commandLine();
const count = Number(number);
if (what === 'move') benchMove(clock, count).then(move => finish({ ha_move_us: move }));
else finish(benchBindings(clock, memory, hmac, count));
