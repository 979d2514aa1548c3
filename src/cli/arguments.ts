/** The command line: `kedge [--config FILE] [--run-dir DIR] [--state-dir DIR] COMMAND ...`. */
import type { JsonObject } from '../engine/types.ts';
import { protocol } from '../uci/flow-type.ts';
import { suggestion } from '../uci/suggestion.ts';
import type { PairCommand } from './pair.ts';

export const DEFAULT_CONFIG = '/etc/config/kedge';
export const DEFAULT_RUN_DIR = '/run/kedge';
export const DEFAULT_STATE_DIR = '/var/lib/kedge';

export type Command =
  | PairCommand
  | { readonly name: 'daemon' | 'version' | 'help' }
  | { readonly name: 'bindings' | 'metrics' | 'reload' }
  /** `file`: the one to check in place of the configuration. */
  | { readonly name: 'check'; readonly file: string | undefined }
  | { readonly name: 'status' | 'monitor' | 'diff'; readonly json: boolean }
  /** `router`: of that mobile router, not of the first. */
  | { readonly name: 'history'; readonly json: boolean; readonly router: string | undefined }
  /** `node`: of this mobile router or peer only. */
  | { readonly name: 'flows'; readonly node: string | undefined; readonly json: boolean }
  /** Addresses, and perhaps a protocol number and the port of the destination. */
  | { readonly name: 'why'; readonly packet: JsonObject; readonly json: boolean }
  /** A method of the daemon, as `ubus call kedge METHOD` names it, with its arguments. */
  | { readonly name: 'call'; readonly method: string; readonly given: JsonObject }
  /** `source`: hexadecimal octets of a packet, or the path of a capture file. */
  | {
      readonly name: 'decode';
      readonly source: string;
      readonly json: boolean;
      /** Name of a dialect section of the configuration. */
      readonly dialect: string | undefined;
    }
  /** `uplink` undefined: back to priorities. `router`: only that mobile router. */
  | {
      readonly name: 'prefer';
      readonly uplink: string | undefined;
      readonly router: string | undefined;
    }
  /** `address` undefined: the first one of the list. */
  | {
      readonly name: 'home-agent';
      readonly address: string | undefined;
      readonly router: string | undefined;
    };

export interface Invocation {
  readonly command: Command;
  /** Path of the UCI file. */
  readonly config: string;
  /** Directory of the control socket and of what the daemon remembers. */
  readonly runDirectory: string;
  /** Directory of what the daemon remembers across a reboot. */
  readonly stateDirectory: string;
}

export type Parsed =
  | { readonly ok: true; readonly invocation: Invocation }
  | { readonly ok: false; readonly problem: string };

const COMMANDS = [
  'daemon',
  'check',
  'status',
  'bindings',
  'metrics',
  'history',
  'flows',
  'why',
  'monitor',
  'diff',
  'decode',
  'pair',
  'prefer',
  'home-agent',
  'reload',
  'call',
  'version',
  'help',
] as const;

/** Options that take the name of a section, and the commands that have them. */
const NAMES: Readonly<Record<'--dialect' | '--router', readonly string[]>> = {
  '--dialect': ['decode'],
  '--router': ['history', 'prefer', 'home-agent'],
};

/** @param argv what follows the program's name */
export function parseArguments(argv: readonly string[]): Parsed {
  const settings = {
    '--config': DEFAULT_CONFIG,
    '--run-dir': DEFAULT_RUN_DIR,
    '--state-dir': DEFAULT_STATE_DIR,
    '--dialect': undefined as string | undefined,
    '--router': undefined as string | undefined,
  };
  const flags = new Set<string>();
  const words: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index]!;
    const [option, inline] = splitOption(argument);
    if (Object.hasOwn(settings, option)) {
      const value = inline ?? argv[++index];
      if (value === undefined || value === '') {
        return problem(`${option} needs a ${option in NAMES ? 'name' : 'path'}`);
      }
      settings[option as keyof typeof settings] = value;
    } else if (argument === '--help' || argument === '-h') {
      words.unshift('help');
    } else if (argument === '--version') {
      words.unshift('version');
    } else if (argument.startsWith('-')) {
      flags.add(argument);
    } else {
      words.push(argument);
    }
  }
  const command = parseCommand(words, flags, settings);
  if (typeof command === 'string') return problem(command);
  const invocation = {
    command,
    config: settings['--config'],
    runDirectory: settings['--run-dir'],
    stateDirectory: settings['--state-dir'],
  };
  return { ok: true, invocation };
}

function problem(text: string): Parsed {
  return { ok: false, problem: text };
}

/** `--option=value` in its two parts. */
function splitOption(argument: string): [string, string | undefined] {
  const equals = argument.indexOf('=');
  return argument.startsWith('--') && equals > 0
    ? [argument.slice(0, equals), argument.slice(equals + 1)]
    : [argument, undefined];
}

/** The command, or what is wrong with it. */
function parseCommand(
  words: readonly string[],
  flags: ReadonlySet<string>,
  names: Readonly<Record<keyof typeof NAMES, string | undefined>>,
): Command | string {
  const [word, operand, ...surplus] = words;
  if (word === undefined) return 'no command given';
  const name = COMMANDS.find(known => known === word);
  if (name === undefined) return `unknown command '${word}'${suggestion(word, COMMANDS)}`;
  if (name === 'help' || name === 'version') return { name };

  const allowedFlag =
    name === 'prefer'
      ? '--none'
      : name === 'home-agent'
        ? '--first'
        : ['status', 'history', 'flows', 'why', 'monitor', 'diff', 'decode'].includes(name)
          ? '--json'
          : name === 'pair'
            ? '--new'
            : undefined;
  for (const flag of flags) {
    if (flag !== allowedFlag) return `'${name}' has no option ${flag}`;
  }
  for (const [option, owners] of Object.entries(NAMES)) {
    const isGiven = names[option as keyof typeof NAMES] !== undefined;
    if (isGiven && !owners.includes(name)) return `'${name}' has no option ${option}`;
  }
  const { '--dialect': dialect, '--router': router } = names;
  // The octets of a packet may be given as they are printed, in groups.
  if (name === 'decode') {
    if (operand === undefined) return "'decode' needs the octets of a packet, or a capture file";
    return { name, source: [operand, ...surplus].join(' '), json: flags.has('--json'), dialect };
  }
  if (name === 'call') return parseCall(operand, surplus);
  if (name === 'why') return parseWhy([operand, ...surplus], flags.has('--json'));
  if (name === 'pair') {
    if (!flags.has('--new')) {
      if (surplus.length > 0) return `unexpected argument '${surplus[0]}' after '${operand}'`;
      return operand === undefined ? { name, act: 'accept' } : { name, act: 'show', peer: operand };
    }
    const [homeAddress, ...prefixes] = surplus;
    if (homeAddress === undefined)
      return "'pair --new' needs a name and a home address, and prefixes if there are any";
    return { name, act: 'create', peer: operand!, homeAddress, prefixes };
  }
  const operandWanted = ['prefer', 'home-agent', 'check', 'flows'].includes(name);
  const unexpected = operandWanted ? surplus[0] : operand;
  if (unexpected !== undefined) return `unexpected argument '${unexpected}' after '${name}'`;

  switch (name) {
    case 'check':
      return { name, file: operand };
    case 'flows':
      return { name, node: operand, json: flags.has('--json') };
    case 'history':
      return { name, json: flags.has('--json'), router };
    case 'status':
    case 'monitor':
    case 'diff':
      return { name, json: flags.has('--json') };
    case 'prefer':
      if ((operand === undefined) !== flags.has('--none'))
        return "'prefer' needs the name of an uplink, or --none";
      return { name, uplink: operand, router };
    case 'home-agent':
      if ((operand === undefined) !== flags.has('--first'))
        return "'home-agent' needs the address of a home agent, or --first";
      return { name, address: operand, router };
    default:
      return { name };
  }
}

function parseWhy(words: readonly (string | undefined)[], json: boolean): Command | string {
  const [source, destination, protocolText, portText, unexpected] = words;
  if (source === undefined || destination === undefined) return "'why' needs two addresses";
  if (unexpected !== undefined) return `unexpected argument '${unexpected}' after 'why'`;
  const packet: Record<string, string | number> = { source, destination };
  if (protocolText !== undefined) {
    const number = protocol.parse(protocolText);
    if (number === undefined) return `'why' takes as a protocol ${protocol.accepts}`;
    packet.protocol = number;
  }
  if (portText !== undefined) {
    if (!/^[0-9]{1,5}$/.test(portText)) return `'why' takes a port, not ${portText}`;
    packet.port = Number(portText);
  }
  return { name: 'why', packet, json };
}

function parseCall(method: string | undefined, words: readonly string[]): Command | string {
  if (method === undefined) return "'call' needs the name of a method";
  const text = words.join(' ') || '{}';
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === 'object' && given !== null && !Array.isArray(given))
      return { name: 'call', method, given: given as JsonObject };
  } catch {}
  return `'call' takes the arguments of ${method} as one JSON object, not ${text}`;
}
