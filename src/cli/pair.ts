/** `kedge pair` on the router: it reads a pairing line, and configures what that says. */
import { type Loaded, loadConfig } from '../uci/config.ts';
import { parseDocument } from '../uci/document.ts';
import { freeName, type NewSection, withSections } from '../uci/editing.ts';
import { formatFault } from '../uci/fault.ts';
import { decodePairing } from '../uci/pairing.ts';
import { DECIDED, keyText, routerSections } from '../uci/pairing-sections.ts';
import { DEFAULT_CONFIG } from './arguments.ts';
import { EXIT } from './exit.ts';
import type { CommandHost } from './host.ts';

export type PairCommand =
  /** Print the line of a peer. */
  | { readonly name: 'pair'; readonly act: 'show'; readonly peer: string }
  /** Make a peer first. */
  | {
      readonly name: 'pair';
      readonly act: 'create';
      readonly peer: string;
      readonly homeAddress: string;
      readonly prefixes: readonly string[];
    }
  /** Read a line from standard input. */
  | { readonly name: 'pair'; readonly act: 'accept' };

/** Reads a line from standard input, and configures the router. */
export function accept(file: string, host: CommandHost): number {
  if (host.isTerminal) host.printError("Paste the line that 'kedge pair NAME' prints on the anchor:");
  const decoded = decodePairing(host.readLine() ?? '');
  if (!decoded.ok) return fail([decoded.problem], host);
  const { pairing } = decoded;
  const text = host.readFile(file) ?? '';
  const sections = routerSections(pairing, keyFile(file, pairing.name));
  const edited = withSections(text, [...sections, ...uplinkSections(file, text, host)], DECIDED);
  const problem = write(file, edited, pairing.name, keyText(pairing), host);
  if (problem !== undefined) return fail(problem, host);
  const { config } = check(file, edited, pairing.name, keyText(pairing), host);
  const uplinks = config!.mobileRouters
    .find(router => router.name === pairing.name)!
    .uplinks.map(({ name }) => name)
    .join(', ');
  host.print(`${file}: mobile router ${pairing.name} with the uplinks ${uplinks}`);
  return EXIT.success;
}

/** Where there are no uplinks yet: one for each device with a default route, the best first. */
function uplinkSections(file: string, text: string, host: CommandHost): NewSection[] {
  const { sections } = parseDocument(file, text);
  if (sections.some(({ type }) => type === 'uplink')) return [];
  const made: NewSection[] = [];
  for (const device of defaultRoutes(host.readFile('/proc/net/ipv6_route') ?? '')) {
    const name = freeName(device, 11, [...sections, ...made]);
    made.push({ type: 'uplink', name, options: [['device', device]] });
  }
  return made;
}

/**
 * Devices of `/proc/net/ipv6_route`, whose lines are destination, its length, source, its length, next hop, metric, two counters,
 * flags, device.
 */
function defaultRoutes(table: string): string[] {
  const routes = table.split('\n').flatMap(line => {
    const [destination, length, , , nextHop, metric, , , , device] = line.split(/\s+/);
    const isDefault = destination !== undefined && /^0{32}$/.test(destination) && length === '00';
    const isUsable = device !== undefined && device !== 'lo' && !device.startsWith('kdg-');
    return isDefault && isUsable && !/^0*$/.test(nextHop!)
      ? [{ device, metric: Number.parseInt(metric!, 16) }]
      : [];
  });
  return [...new Set(routes.sort((a, b) => a.metric - b.metric).map(({ device }) => device))];
}

/** Where the key of a pairing is kept: in a directory of kedge's own, or beside a configuration that is elsewhere. */
export function keyFile(file: string, name: string): string {
  const directory = file === DEFAULT_CONFIG ? '/etc/kedge' : file.slice(0, file.lastIndexOf('/'));
  return `${directory}/${name}.key`;
}

/** The configuration as it would be, with the key that is not in its file yet. */
function check(file: string, text: string, name: string, key: string, host: CommandHost): Loaded {
  return loadConfig({ file, text }, path => (path === keyFile(file, name) ? key : host.readFile(path)));
}

/** Writes key and configuration if `kedge check` will accept them; else nothing. Undefined, or what is wrong. */
export function write(
  file: string,
  text: string,
  name: string,
  key: string,
  host: CommandHost,
): readonly string[] | undefined {
  const { config, faults } = check(file, text, name, key, host);
  if (config === undefined) return [...faults.map(formatFault), 'nothing was changed'];
  const files = key === '' ? [] : [{ path: keyFile(file, name), text: key }];
  for (const { path, text: content } of [...files, { path: file, text }]) {
    const problem = host.writeFile(path, content);
    if (problem !== undefined) return [`cannot write ${path}: ${problem}`];
  }
  return undefined;
}

export function fail(problems: readonly string[], host: CommandHost): number {
  for (const problem of problems) host.printError(`kedge: ${problem}`);
  return EXIT.failure;
}
