import { z } from 'zod';
import { type Fault, hasErrors } from '../../definition';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findFaults } from './compile-definition';

export const validateDefinitionInput = z.object({ definition: z.string().describe('YAML text.') });

/** Checks a definition without storing it; warnings do not make it invalid. */
export async function validateDefinition(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof validateDefinitionInput>,
): Promise<{ isValid: boolean; faults: Fault[] }> {
  const { definition } = parseInput(validateDefinitionInput, raw);
  const faults = await findFaults(deps, ctx.actor.organizationId, definition);
  return { isValid: !hasErrors(faults), faults };
}
