import {
  checkDefinition,
  compilePlan,
  type Definition,
  type Fault,
  hasErrors,
  parseDefinition,
} from '../../definition';
import type { Plan } from '../../engine/plan';
import { AppError } from '../../errors';
import { componentLookup } from '../components/component-lookup';
import type { Deps } from '../context';

/** All faults of a definition, as the organization's components stand now. */
export async function findFaults(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
): Promise<Fault[]> {
  const { definition, faults } = parseDefinition(text);
  if (!definition) return faults;
  return [...faults, ...checkDefinition(definition, await componentLookup(deps, organizationId))];
}

/**
 * Checks and compiles a definition with the newest components that it allows. Throws `invalid_definition`
 * with every fault at once, each with its line and column.
 */
export async function compileDefinition(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  text: string,
): Promise<{ definition: Definition; plan: Plan }> {
  const { definition, faults } = parseDefinition(text);
  const lookup = await componentLookup(deps, organizationId);
  const all = definition ? [...faults, ...checkDefinition(definition, lookup)] : faults;
  if (!definition || hasErrors(all)) throw invalidDefinition(all);
  return { definition, plan: compilePlan(definition, lookup) };
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
