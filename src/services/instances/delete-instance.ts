import { z } from 'zod';
import { AppError } from '../../errors';
import type { Instance } from '../../store/models/instance.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findInstance } from './find-instance';
import { removeInstance } from './remove-instance';

export const deleteInstanceInput = z.object({
  id: z.string(),
  force: z.boolean().nullish().describe('Also when it could not clear away what it set up elsewhere.'),
});

/**
 * Deletes an instance and everything that it left; what runs is ended. Throws `not_found`, and `component_failed` when
 * its flows or triggers for that moment fail.
 */
export async function deleteInstance(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteInstanceInput>,
): Promise<Instance> {
  const { id, force } = parseInput(deleteInstanceInput, raw);
  const instance = await findInstance(deps, ctx, id);
  requireInstanceWriter(ctx, instance);
  if (instance.isSystem) {
    throw new AppError('invalid_state', 'A test instance is deleted with its integration.');
  }
  await removeInstance(deps, instance, { force: force ?? false });
  return instance;
}
