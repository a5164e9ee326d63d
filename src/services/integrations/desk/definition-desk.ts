import { syntaxFault } from '../../../components/builtin/code/compile-snippet';
import {
  checkDefinition,
  componentKeys,
  type Definition,
  exportDefinition,
  hasErrors,
  type Identities,
  identitiesOf,
  parseDefinition,
  planOf,
} from '../../../definition';
import { lookupIn } from '../../components/named-components';
import { planText } from '../../plans/plan-text';
import { describeDraft } from './describe-draft';
import type { Compilation, DeskAnswers, DeskRequests, Reading } from './desk-requests';

type Parsed = ReturnType<typeof parseDefinition>;
type Answers = { [K in keyof DeskRequests]: (request: DeskRequests[K]) => DeskAnswers[K] };

/** Reads, checks and compiles definitions; what was read last is kept for the next question about it. */
export class DefinitionDesk {
  #last: { text: string; parsed: Parsed } | undefined;

  readonly #answers: Answers = {
    read: ({ text }) => this.#read(text),
    check: ({ text, components, templates }) => {
      const { definition, faults } = this.#take(text);
      if (!definition) return faults;
      return [
        ...faults,
        ...checkDefinition(definition, lookupIn(components), { templates, compileCode: syntaxFault }),
      ];
    },
    compile: (request) => this.#compile(request),
    export: ({ text, latestComponents }) => exportDefinition(text, { latestComponents }),
    describe: ({ text, fields }) => describeDraft(text, fields),
  };

  answer<K extends keyof DeskRequests>(kind: K, request: DeskRequests[K]): DeskAnswers[K] {
    return this.#answers[kind](request);
  }

  #read(text: string): Reading {
    const parsed = this.#take(text);
    this.#last = { text, parsed };
    const { definition } = parsed;
    return {
      name: definition?.name ?? null,
      componentKeys: definition ? componentKeys(definition) : [],
      templateNames: definition ? templateNames(definition) : [],
    };
  }

  #compile({ text, components, templates, identities: known }: DeskRequests['compile']): Compilation {
    const { definition, faults } = this.#take(text);
    if (!definition) return { faults, compiled: null };
    const lookup = lookupIn(components);
    const all = [...faults, ...checkDefinition(definition, lookup, { templates, compileCode: syntaxFault })];
    if (hasErrors(all)) return { faults: all, compiled: null };
    const identities = identitiesOf(
      definition,
      known === null ? undefined : (JSON.parse(known) as Identities),
    );
    const { name, description, category, labels, isCodeNative } = definition;
    const about = { name, description, category, labels, isCodeNative };
    const plan = planText(planOf(definition, lookup, identities));
    return { faults: all, compiled: { ...about, plan, identities: JSON.stringify(identities) } };
  }

  /** It is kept for one question only: what was read of a large text takes far more memory than the text. */
  #take(text: string): Parsed {
    const last = this.#last;
    this.#last = undefined;
    return last?.text === text ? last.parsed : parseDefinition(text);
  }
}

function templateNames({ requiredConfigVars }: Definition): string[] {
  return [...new Set(requiredConfigVars.flatMap(({ connection }) => connection?.template || []))];
}
