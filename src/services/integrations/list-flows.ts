import { z } from 'zod';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { loadPlan, readPlan } from '../plans/load-plan';
import { compileDefinition } from './compile-definition';
import { findDraftOrVersion } from './find-integration';
import { type FlowView, viewFlows } from './flow-view';

export const listFlowsInput = z.object({
  id: z.string().describe('Of an integration, for its draft, or of a published version.'),
});

/** The flows of a draft or of a published version, in its order. Throws `not_found`. */
export async function listFlows(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listFlowsInput>,
): Promise<FlowView[]> {
  const { id } = parseInput(listFlowsInput, raw);
  const { integration, version } = await findDraftOrVersion(deps, ctx, id);
  const { _id, organizationId, definition, customerId, identities } = integration;
  const plan = version
    ? await loadPlan(deps, version.planId)
    : readPlan((await compileDefinition(deps, organizationId, definition, { customerId, identities })).plan);
  return viewFlows(deps, { id: _id, organizationId }, plan.flows);
}
