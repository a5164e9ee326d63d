import { z } from 'zod';
import { type Fault, hasErrors } from '../../definition';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findFaults } from './compile-definition';

export const validateDefinitionInput = z.object({ definition: z.string().describe('YAML text.') });

/** Its hint names those that there are. */
const OF_PRESETS = 'unknown_connection_template';

/** Checks a definition without storing it; warnings do not make it invalid. Users of a customer know of no presets. */
export async function validateDefinition(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof validateDefinitionInput>,
): Promise<{ isValid: boolean; faults: Fault[] }> {
  const { definition } = parseInput(validateDefinitionInput, raw);
  const { organizationId, customerId } = ctx.actor;
  const all = await findFaults(deps, organizationId, definition);
  const faults = customerId === null ? all : all.filter(({ code }) => code !== OF_PRESETS);
  return { isValid: !hasErrors(faults), faults };
}
