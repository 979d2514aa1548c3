/** The way from the text of `/etc/config/kedge` to a configuration that the daemon can run with. */
import type { ReadFile } from './association.ts';
import { type Dialects, dialectOf, readDialects } from './dialect.ts';
import { parseDocument } from './document.ts';
import { type Fault, quoted } from './fault.ts';
import { buildHomeAgent } from './home-agent.ts';
import { buildMobileRouters } from './mobile-router.ts';
import { SCHEMA, type SectionType } from './schema.ts';
import { type Reading, type Report, readSection, type Values } from './section-reader.ts';
import { type Context, type Sections, theOnly } from './sections.ts';
import { suggestion } from './suggestion.ts';
import type { Config, CorrespondentConfig, Marks } from './types.ts';

const DEFAULT_MARKS: Marks = { packet: 0xff000000, connection: 0xffff0000 };

export interface Loaded {
  /** Undefined exactly when there are faults. */
  readonly config: Config | undefined;
  /** In the order of their lines. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  /** The dialect sections by name; complete when there are no faults. */
  readonly dialects: Dialects;
}

/**
 * Reads and checks the whole configuration and reports everything that is wrong with it at once. Never throws.
 * `readFile` is asked for the files of `key_file`.
 */
export function loadConfig(
  source: { readonly file: string; readonly text: string },
  readFile: ReadFile,
): Loaded {
  const { file } = source;
  const document = parseDocument(file, source.text);
  const faults: Fault[] = [...document.faults];
  const warnings: Fault[] = [];
  /** What several mobile routers have in common is at fault once. */
  const into =
    (list: Fault[]): Report =>
    (line, message) => {
      if (!list.some(each => each.line === line && each.message === message))
        list.push({ file, line, message });
    };
  const fault = into(faults);
  const warning = into(warnings);

  const sections: Sections = {
    globals: [],
    mobile_router: [],
    uplink: [],
    correspondent: [],
    home_agent: [],
    peer: [],
    dialect: [],
    flow: [],
  };
  for (const section of document.sections) {
    if (isSectionType(section.type)) {
      (sections[section.type] as Reading<SectionType>[]).push(readSection(section.type, section, fault));
    } else {
      const known = Object.keys(SCHEMA);
      const nearest = suggestion(section.type, known) || `; expected one of ${known.join(', ')}`;
      fault(section.line, `unknown section type ${quoted(section.type)}${nearest}`);
    }
  }

  // The builders run in spite of faults, to find the others: only when there are none, `values` is complete and what they
  // return is used. That is what their casts to Values<...> rely on.
  const globals = theOnly(sections.globals, fault);
  const dialects = readDialects(sections.dialect, fault);
  const context: Context = { readFile, fault, warning, dialects };
  const settings = globals?.values as Values<'globals'> | undefined;
  const marks: Marks = {
    packet: settings?.mark_mask ?? DEFAULT_MARKS.packet,
    connection: settings?.connection_mark_mask ?? DEFAULT_MARKS.connection,
  };
  const config: Config = {
    logLevel: settings?.log_level ?? 'notice',
    rulePriority: settings?.rule_priority,
    marks,
    mobileRouters: buildMobileRouters(sections, marks, context),
    homeAgent: buildHomeAgent(sections.home_agent, sections.peer, context),
    correspondent: buildCorrespondent(sections.correspondent, context),
  };
  const byLine = (a: Fault, b: Fault) => a.line - b.line;
  return {
    config: faults.length === 0 ? config : undefined,
    faults: faults.sort(byLine),
    warnings: warnings.sort(byLine),
    dialects,
  };
}

function isSectionType(type: string): type is SectionType {
  return Object.hasOwn(SCHEMA, type);
}

function buildCorrespondent(
  sections: readonly Reading<'correspondent'>[],
  { fault, dialects }: Context,
): CorrespondentConfig | undefined {
  const section = theOnly(sections, fault);
  if (section === undefined) return undefined;
  const { mobile_node, max_bindings, several, max_flows } = section.values as Values<'correspondent'>;
  return {
    name: section.name,
    mobileNodes: mobile_node,
    maxBindings: max_bindings,
    multiple: several,
    maxFlows: max_flows,
    dialect: dialectOf(section, dialects, fault),
  };
}
