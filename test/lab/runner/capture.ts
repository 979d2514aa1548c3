/** tshark's judgement of what the lab captured. */
import { execFile } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** tshark 4.0 mistakes the trailing options of these Mobility Header types, and calls right messages malformed. */
const MISREAD_TYPES = [12, 17];

/**
 * Rows of the given fields of the packets that a display filter selects, from one capture.
 * @param preferences of tshark
 */
export async function packets(
  file: string,
  filter: string,
  fields: readonly string[],
  preferences: readonly string[] = [],
): Promise<readonly string[][]> {
  const operands = ['-n', '-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap(f => ['-e', f])];
  operands.push(...preferences.flatMap(preference => ['-o', preference]));
  const { stdout } = await run('tshark', operands, { maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .filter(line => line)
    .map(line => line.split('\t'));
}

/**
 * Throws when a capture of the directory has a packet that tshark calls malformed, other than those that the display
 * filter `onPurpose` selects. Returns the number of captures.
 */
export async function assertCleanCapture(dir: string, onPurpose?: string): Promise<number> {
  const files = readdirSync(dir).filter(name => name.endsWith('.pcap'));
  if (files.length === 0) return 0;
  const excused = onPurpose === undefined ? '' : ` && !(${onPurpose})`;
  const filter = `_ws.malformed && !(mip6.mhtype in {${MISREAD_TYPES.join(', ')}})${excused}`;
  // tshark takes longer to start than to read a capture: one for all.
  const merged = join(dir, 'all.pcapng');
  await run('mergecap', ['-w', merged, ...files.map(name => join(dir, name))]);
  const bad = await packets(merged, filter, ['frame.interface_id', 'frame.time_epoch', '_ws.col.Info']);
  rmSync(merged);
  if (bad.length) {
    const list = bad.slice(0, 10).map(([file, time, info]) => `  ${files[Number(file)]} at ${time}: ${info}`);
    throw new Error(`${bad.length} malformed packets in ${dir}\n${list.join('\n')}`);
  }
  return files.length;
}
