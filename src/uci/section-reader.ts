/** From the text of one section to typed values, by the schema. */
import type { Option, Section } from './document.ts';
import { quoted } from './fault.ts';
import type { OptionType } from './option-type.ts';
import {
  type OptionSpec,
  type OptionsOf,
  SCHEMA,
  type SectionSpec,
  type SectionType,
  type ValueOf,
} from './schema.ts';
import { suggestion } from './suggestion.ts';

/** Most values of one list. */
const LONGEST_LIST = 16;

/** Takes a fault or warning at a line of the file. */
export type Report = (line: number, message: string) => void;

export type Values<T extends SectionType> = { readonly [K in keyof OptionsOf<T>]: ValueOf<OptionsOf<T>[K]> };

/** A section of a known type. `values` lacks the options that had a fault; without faults it is complete. */
export interface Reading<T extends SectionType> {
  /** For messages: `uplink 'lte'`. */
  readonly title: string;
  readonly name: string;
  readonly line: number;
  readonly enabled: boolean;
  readonly values: Partial<Values<T>>;
  /** Whether the option was given, or may have been in a statement that could not be read. */
  has(option: keyof OptionsOf<T> & string): boolean;
  /** Where a value of the option stands; the section's own line when it is missing. */
  lineOf(option: keyof OptionsOf<T> & string, index?: number): number;
}

/** Reports every option that is unknown, ill-formed or (in an enabled section) missing. */
export function readSection<T extends SectionType>(type: T, section: Section, report: Report): Reading<T> {
  const spec: SectionSpec = SCHEMA[type];
  const title = section.name === undefined ? type : `${type} ${quoted(section.name)}`;
  if (!section.damaged) checkName(spec, section, title, report);
  for (const option of section.options.values()) {
    if (!Object.hasOwn(spec.options, option.name)) {
      const known = Object.keys(spec.options);
      const nearest = suggestion(option.name, known) || `; expected one of ${known.join(', ')}`;
      report(option.values[0]!.line, `${title}: unknown option ${quoted(option.name)}${nearest}`);
    }
  }
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    values[name] = readOption(title, name, option, section.options.get(name), report);
  }
  const enabled = values.enabled !== false;
  const has = (name: string) => section.damaged || section.options.has(name);
  for (const [name, option] of Object.entries(spec.options)) {
    if (enabled && option.form === 'required' && !has(name)) {
      report(section.line, `${title}: option '${name}' is missing: expected ${option.type.accepts}`);
    }
  }
  return {
    title,
    name: section.name ?? '',
    line: section.line,
    enabled,
    values: values as Partial<Values<T>>,
    has,
    lineOf: (option, index = 0) => section.options.get(option)?.values[index]?.line ?? section.line,
  };
}

function checkName(spec: SectionSpec, section: Section, title: string, report: Report): void {
  if (spec.name === undefined) return;
  if (section.name === undefined) {
    report(section.line, `${title}: the section has no name: expected ${spec.name.accepts}`);
  } else if (!spec.name.pattern.test(section.name)) {
    report(section.line, `${title}: the name is not acceptable: expected ${spec.name.accepts}`);
  }
}

function readOption(
  title: string,
  name: string,
  spec: OptionSpec,
  given: Option | undefined,
  report: Report,
): unknown {
  if (spec.form === 'list') return readList(title, name, spec, given, report);
  if (given === undefined) return spec.fallback === undefined ? undefined : spec.type.parse(spec.fallback);
  if (given.values.length > 1) {
    report(given.values[1]!.line, `${title}: '${name}' takes one value: expected option ${name} 'VALUE'`);
    return undefined;
  }
  return readValue(title, name, spec.type, given.values[0]!, report);
}

function readList(
  title: string,
  name: string,
  spec: OptionSpec,
  given: Option | undefined,
  report: Report,
): unknown[] {
  const values = given?.values ?? [];
  if (values.length > LONGEST_LIST) {
    report(
      values[LONGEST_LIST]!.line,
      `${title}: too many values of '${name}': expected at most ${LONGEST_LIST}`,
    );
  }
  return values.slice(0, LONGEST_LIST).map(value => readValue(title, name, spec.type, value, report));
}

function readValue(
  title: string,
  name: string,
  type: OptionType<unknown>,
  value: { readonly text: string; readonly line: number },
  report: Report,
): unknown {
  const parsed = type.parse(value.text);
  if (parsed === undefined) {
    const found = type.secret ? 'is not acceptable' : `is ${quoted(value.text)}`;
    report(value.line, `${title}: '${name}' ${found}: expected ${type.accepts}`);
  }
  return parsed;
}
