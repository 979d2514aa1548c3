/** Which nftables text brings classifiers from what the table has to what it should have, each in one step. */

import { equalPrefix } from '../wire/address.ts';
import {
  type ClassifierText,
  classifierText,
  SHARED_CHAINS,
  SHARED_MAPS,
  slotsMap,
} from './classifier-text.ts';
import { GENERATIONS } from './marks.ts';
import { TABLE } from './nftables.ts';
import type { Classifier } from './state.ts';

interface Loaded {
  readonly classifier: Classifier;
  readonly generation: number;
  readonly text: ClassifierText;
}

/** Text for `nft -f -`, and what is true when it has been taken. */
export interface Script {
  readonly text: string;
  taken(): void;
}

/** Characters of a script; what is more waits for the next one. */
const LONGEST_SCRIPT = 512 * 1024;

export class ClassifierLoader {
  /** By part. */
  readonly #wanted = new Map<string, Classifier | undefined>();
  readonly #loaded = new Map<string, Loaded>();
  /** Parts that may differ from what is loaded. */
  readonly #due = new Set<string>();
  /** Parts of which the table has what was loaded. */
  readonly #present = new Set<string>();
  #sharedPresent = false;

  want(part: string, classifier: Classifier | undefined): void {
    const before = this.#wanted.get(part);
    if (before === classifier || (before && classifier && equalClassifiers(before, classifier))) return;
    this.#wanted.set(part, classifier);
    this.#due.add(part);
  }

  /** The table is going to be empty. */
  forget(): void {
    this.#sharedPresent = false;
    this.#present.clear();
    for (const part of this.#wanted.keys()) this.#due.add(part);
  }

  /** Undefined: there is nothing to do. */
  script(): Script | undefined {
    const declarations: string[] = [];
    const contents: string[] = [];
    const steps: { readonly part: string; readonly loaded: Loaded | undefined }[] = [];
    let length = 0;
    for (const part of this.#due) {
      if (length > LONGEST_SCRIPT) break;
      const loaded = this.#next(part);
      const before = this.#present.has(part) ? this.#loaded.get(part) : undefined;
      const { declared, filled } = replacement(before, loaded);
      declarations.push(declared);
      contents.push(filled);
      length += declared.length + filled.length;
      steps.push({ part, loaded });
    }
    if (steps.length === 0) return undefined;
    const wanted = steps.map(({ part }) => this.#wanted.get(part));
    const shared = this.#sharedPresent ? '' : sharedText();
    return {
      // nft 1.0 wants chains to be there before the maps whose elements lead to them.
      text: [...declarations, shared, ...contents].join(''),
      taken: () => {
        this.#sharedPresent = true;
        for (const [at, { part, loaded }] of steps.entries()) {
          this.#present.add(part);
          if (loaded === undefined) this.#loaded.delete(part);
          else this.#loaded.set(part, loaded);
          if (this.#wanted.get(part) !== wanted[at]) continue;
          this.#due.delete(part);
          if (loaded === undefined) this.#wanted.delete(part);
        }
      },
    };
  }

  /** With another generation than before when something differs. The first follows from the rules, for a process that starts anew. */
  #next(part: string): Loaded | undefined {
    const classifier = this.#wanted.get(part);
    if (classifier === undefined) return undefined;
    const before = this.#loaded.get(part);
    const generation = before?.generation ?? 1 + (classifier.rules.length % GENERATIONS);
    const same = classifierText(classifier, generation);
    if (before === undefined || asLines(same) === asLines(before.text)) {
      return { classifier, generation, text: same };
    }
    const next = (generation % GENERATIONS) + 1;
    return { classifier, generation: next, text: classifierText(classifier, next) };
  }
}

const equalClassifiers = (a: Classifier, b: Classifier): boolean =>
  a.rules === b.rules &&
  a.scope === b.scope &&
  a.marks === b.marks &&
  a.prefixes.length === b.prefixes.length &&
  a.prefixes.every((prefix, at) => equalPrefix(prefix, b.prefixes[at]!)) &&
  JSON.stringify([a.returns, a.ownAddresses]) === JSON.stringify([b.returns, b.ownAddresses]);

const asLines = ({ chains, elements }: ClassifierText): string =>
  JSON.stringify([[...chains], [...elements]]);

function sharedText(): string {
  const maps = Object.entries(SHARED_MAPS).map(([name, type]) => `\tmap ${name} {\n\t\ttype ${type}\n\t}\n`);
  const chains = [...SHARED_CHAINS].map(([name, [hook, ...rules]]) => ({ name, hook, rules }));
  return [
    `table ${TABLE} {\n`,
    ...maps,
    ...chains.map(({ name, hook }) => `\tchain ${name} {\n\t\t${hook}\n\t}\n`),
    '}\n',
    ...chains.map(({ name }) => `flush chain ${TABLE} ${name}\n`),
    ...chains.flatMap(({ name, rules }) => rules.map(rule => `add rule ${TABLE} ${name} ${rule}\n`)),
  ].join('');
}

/** What is declared is left alone when it is there already, so it does no harm to declare what is going to be deleted. */
function replacement(
  before: Loaded | undefined,
  after: Loaded | undefined,
): { readonly declared: string; readonly filled: string } {
  const scopes = new Set([before, after].flatMap(each => each?.classifier.scope ?? []));
  const chains = new Set([before, after].flatMap(each => [...(each?.text.chains.keys() ?? [])]));
  const counters = new Set([before, after].flatMap(each => each?.text.counters ?? []));
  const maps = [...scopes].map(slotsMap);
  const gone = <T>(all: Iterable<T>, kept: Iterable<T> = []): T[] => {
    const stays = new Set(kept);
    return [...all].filter(each => !stays.has(each));
  };
  const declared = [
    `table ${TABLE} {`,
    ...[...counters].map(name => `\tcounter ${name} {\n\t}`),
    ...[...chains].map(name => `\tchain ${name} {\n\t}`),
    ...maps.map(name => `\tmap ${name} {\n\t\ttype mark : verdict\n\t}`),
    '}',
  ];
  const filled = [
    ...sharedElements(before).map(([map, element]) => `delete element ${TABLE} ${map} { ${element} }`),
    ...maps.map(name => `flush map ${TABLE} ${name}`),
    ...[...chains].map(name => `flush chain ${TABLE} ${name}`),
    ...[...(after?.text.chains ?? [])].flatMap(([name, rules]) =>
      rules.map(rule => `add rule ${TABLE} ${name} ${rule}`),
    ),
    ...[...(after?.text.elements ?? [])]
      .filter(([, elements]) => elements.length > 0)
      .map(([map, elements]) => `add element ${TABLE} ${map} { ${elements.join(', ')} }`),
    ...gone(chains, after?.text.chains.keys()).map(name => `delete chain ${TABLE} ${name}`),
    ...gone(maps, after && [slotsMap(after.classifier.scope)]).map(name => `delete map ${TABLE} ${name}`),
    ...gone(counters, after?.text.counters).map(name => `delete counter ${TABLE} ${name}`),
  ];
  return { declared: `${declared.join('\n')}\n`, filled: `${filled.join('\n')}\n` };
}

function sharedElements(loaded: Loaded | undefined): [string, string][] {
  return [...(loaded?.text.elements ?? [])].flatMap(([map, elements]) =>
    Object.hasOwn(SHARED_MAPS, map) ? elements.map((element): [string, string] => [map, element]) : [],
  );
}
