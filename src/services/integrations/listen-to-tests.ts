import { z } from 'zod';
import type { Integration } from '../../store/models/integration.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findIntegration } from './find-integration';

export const listenToTestsInput = z.object({ id: z.string() });

/**
 * Lets somebody listen to what is sent to an integration's test addresses. There is nothing to switch: these take
 * requests at all times, and each is kept as a test execution with its request. Throws `not_found` and `forbidden`.
 */
export async function listenToTests(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof listenToTestsInput>,
): Promise<Integration> {
  const { id } = parseInput(listenToTestsInput, raw);
  const integration = await findIntegration(deps, ctx, id);
  requireInstanceWriter(ctx, integration);
  return integration;
}
