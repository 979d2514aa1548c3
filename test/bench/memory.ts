/** Resident memory of what runs on a router, in KiB. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SETTLED = 1500;

const CONFIGURATION = `
config mobile_router 'vessel'
	option home_address '2001:db8:100::10'
	option home_agent '2001:db8:1::2'
	list prefix '2001:db8:101::/64'
	option spi '256'
	option key '0x07070707070707070707070707070707'

config uplink 'lte'
	option device 'lte'

config uplink 'wifi'
	option device 'wifi'
`;

function resident(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

async function settled<T>(child: ChildProcess, read: (pid: number) => T): Promise<T> {
  try {
    await sleep(SETTLED);
    if (child.exitCode !== null) throw new Error(`it ended with status ${child.exitCode}`);
    return read(child.pid!);
  } finally {
    child.kill('SIGKILL');
  }
}

/** qjs that has loaded the whole bundle and waits for kedged, of which nothing comes. */
export function bundleMemory(directory: string): Promise<number> {
  const words = ['-m', 'dist/kedge.js', '--run-dir', directory, 'monitor'];
  return settled(spawn('build/qjs', words, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] }), resident);
}

/** The daemon of a mobile router with two uplinks that it does not have, in an empty network namespace. */
export function routerMemory(directory: string): Promise<{ script: number; helper: number }> {
  const config = join(directory, 'kedge.conf');
  writeFileSync(config, CONFIGURATION);
  const words = ['--qjs', 'build/qjs', '--script', 'dist/kedge.js', '--run-dir', directory, '--'];
  const daemon = ['--run-dir', directory, '--config', config, 'daemon'];
  const child = spawn('unshare', ['-rn', 'dist/kedged', ...words, ...daemon], { stdio: 'ignore' });
  return settled(child, pid => ({ helper: resident(pid), script: resident(childOf(pid)) }));
}
