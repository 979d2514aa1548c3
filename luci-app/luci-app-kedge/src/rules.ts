/** The rules of the configuration for the LuCI pages: the code of `kedge check` and `kedge pair` itself, in the browser. */
import { loadConfig } from '../../../src/uci/config.ts';
import type { NewSection } from '../../../src/uci/editing.ts';
import type { Fault } from '../../../src/uci/fault.ts';
import { decodePairing as decode } from '../../../src/uci/pairing.ts';
import { DECIDED, keyText, routerSections } from '../../../src/uci/pairing-sections.ts';
import { type OptionSpec, SCHEMA, type SectionSpec } from '../../../src/uci/schema.ts';

const sectionOf = (type: string): SectionSpec => SCHEMA[type as keyof typeof SCHEMA];
const specOf = (type: string, name: string): OptionSpec => sectionOf(type).options[name]!;
/** Stands for a key in a file that only the daemon can read. */
const ANY_KEY = 'a key of 16 octets or more';

/** What may be said of an option beside its value: the default, as it would be written. */
export function option(type: string, name: string): { readonly fallback: string | undefined } {
  return { fallback: specOf(type, name).fallback };
}

export function options(type: string): string[] {
  return Object.keys(sectionOf(type).options);
}

/** The words that an option accepts; none if it accepts other things. */
export function words(type: string, name: string): string[] {
  const { type: accepted } = specOf(type, name);
  const quoted = [...accepted.accepts.matchAll(/'([a-z0-9-]+)'/g)].map(match => match[1]!);
  return quoted.filter(word => accepted.parse(word) !== undefined);
}

/** Undefined, or what is accepted instead of the value. */
export function verdict(type: string, name: string, value: string): string | undefined {
  const spec = specOf(type, name).type;
  return spec.parse(value) === undefined ? spec.accepts : undefined;
}

/** The same for the name of a section. */
export function verdictOfName(type: string, name: string): string | undefined {
  const spec = sectionOf(type).name;
  return spec === undefined || spec.pattern.test(name) ? undefined : spec.accepts;
}

type Finding = Pick<Fault, 'line' | 'message'>;

/** What `kedge check` says of a configuration whose key files are in order. */
export function check(text: string): { readonly faults: Finding[]; readonly warnings: Finding[] } {
  const { faults, warnings } = loadConfig({ file: '/etc/config/kedge', text }, () => ANY_KEY);
  const plain = ({ line, message }: Fault): Finding => ({ line, message });
  return { faults: faults.map(plain), warnings: warnings.map(plain) };
}

export type PairingPlan =
  | { readonly ok: false; readonly problem: string }
  | {
      readonly ok: true;
      readonly name: string;
      readonly sections: readonly NewSection[];
      /** Text of the key file; empty: there is none. */
      readonly key: string;
      readonly keyFile: string;
    };

/** What a pairing line makes of the router's configuration. */
export function decodePairing(line: string): PairingPlan {
  const decoded = decode(line);
  if (!decoded.ok) return decoded;
  const { pairing } = decoded;
  const problem = verdictOfName('mobile_router', pairing.name);
  if (problem !== undefined) return { ok: false, problem };
  const keyFile = `/etc/kedge/${pairing.name}.key`;
  const sections = routerSections(pairing, keyFile);
  return { ok: true, name: pairing.name, sections, key: keyText(pairing), keyFile };
}

/** Options of a mobile router that a pairing decides upon. */
export const decided: readonly string[] = DECIDED;
