import {
  checkDefinition,
  compilePlan,
  type Definition,
  type Fault,
  hasErrors,
  type Identities,
  identitiesOf,
  parseDefinition,
} from '../../definition';
import type { Plan } from '../../engine/plan';
import { AppError } from '../../errors';
import { componentLookup } from '../components/component-lookup';
import type { Deps } from '../context';

/** What a compilation is for. */
export interface CompileScope {
  /** Whose components count besides the organization's own. */
  customerId?: string | null;
  /** JSON of the identities of the integration so far; null before its first import. */
  identities?: string | null | undefined;
}

/** All faults of a definition, as the organization's components stand now. */
export async function findFaults(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
): Promise<Fault[]> {
  const { definition, faults } = parseDefinition(text);
  if (!definition) return faults;
  const lookup = await componentLookup(deps, organizationId, { text });
  return [...faults, ...checkDefinition(definition, lookup)];
}

export interface Compiled {
  definition: Definition;
  plan: Plan;
  /** JSON of who is who in it, to be stored with the draft. */
  identities: string;
  /** What is doubtful, but can be used. */
  warnings: Fault[];
}

/**
 * Checks and compiles a definition with the newest components that it allows. Throws `invalid_definition`
 * with every fault at once, each with its line and column.
 */
export async function compileDefinition(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
  { customerId = null, identities: known }: CompileScope = {},
): Promise<Compiled> {
  const { definition, faults } = parseDefinition(text);
  const lookup = await componentLookup(deps, organizationId, { customerId, text });
  const all = definition ? [...faults, ...checkDefinition(definition, lookup)] : faults;
  if (!definition || hasErrors(all)) throw invalidDefinition(all);
  const identities = identitiesOf(definition, known ? (JSON.parse(known) as Identities) : undefined);
  const plan = compilePlan(definition, lookup, identities);
  return { definition, plan, identities: JSON.stringify(identities), warnings: all };
}

function invalidDefinition(all: Fault[]): AppError {
  const errors = all.filter((fault) => fault.severity === 'error');
  const faults = errors.map(({ line, column, message, hint, step }) => ({
    field: `line ${line}, column ${column}`,
    messages: [
      [step ? `Step "${step}": ${message}` : message, hint].filter((text) => text !== '').join(' — '),
    ],
  }));
  const count = errors.length === 1 ? '1 fault' : `${errors.length} faults`;
  return new AppError('invalid_definition', `The definition has ${count}.`, { faults });
}
