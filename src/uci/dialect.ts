/** What a peer speaks of Internet-Drafts: the `dialect` sections, and the options that name one. */
import { dialectFaults } from '../wire/draft/dialect.ts';
import type { DraftNumbers } from '../wire/mobility-header.ts';
import { quoted } from './fault.ts';
import type { OptionsOf } from './schema.ts';
import type { Reading, Report } from './section-reader.ts';
import { suggestion } from './suggestion.ts';

/** By name of the section. */
export type Dialects = ReadonlyMap<string, DraftNumbers>;

/** Reports every number that cannot be used. */
export function readDialects(sections: readonly Reading<'dialect'>[], fault: Report): Dialects {
  const dialects = new Map<string, DraftNumbers>();
  for (const section of sections) {
    const numbers = numbersOf(section);
    for (const { kind, rule } of dialectFaults(numbers)) {
      const option = kind.replaceAll('-', '_') as keyof OptionsOf<'dialect'>;
      fault(section.lineOf(option), `${section.title}: '${option}': ${rule}`);
    }
    dialects.set(section.name, numbers);
  }
  return dialects;
}

function numbersOf({ values }: Reading<'dialect'>): DraftNumbers {
  return {
    options: {
      'monami6-binding-identifier': values.monami6_binding_identifier,
      'load-balancing': values.load_balancing,
      muho: values.muho,
      'alternative-interface-indicator': values.alternative_interface_indicator,
    },
    messages: {
      'generic-signaling-request': values.generic_signaling_request,
      'generic-signaling-acknowledgement': values.generic_signaling_acknowledgement,
    },
  };
}

/** The dialect that the section names; undefined without one, or after a fault was reported. */
export function dialectOf(
  section: Reading<'mobile_router'> | Reading<'peer'> | Reading<'correspondent'>,
  dialects: Dialects,
  fault: Report,
): DraftNumbers | undefined {
  const name = section.values.dialect;
  if (name === undefined) return undefined;
  const dialect = dialects.get(name);
  if (dialect === undefined) {
    const nearest = suggestion(name, [...dialects.keys()]) || '; expected the name of a dialect section';
    fault(section.lineOf('dialect'), `${section.title}: there is no dialect ${quoted(name)}${nearest}`);
  }
  return dialect;
}
