import { z } from 'zod';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { findConnectionTemplate } from './find-connection-template';
import { refuseWhileDeployed } from './users-of-template';

export const deleteConnectionTemplateInput = z.object({ id: z.string() });

/**
 * Deletes a preset. Refused with `invalid_state`, naming them, while deployed instances have its values: their next
 * deploy would lack them. Definitions and versions that name it do not keep it. Throws `not_found`.
 */
export async function deleteConnectionTemplate(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof deleteConnectionTemplateInput>,
): Promise<ConnectionTemplate> {
  const { id } = parseInput(deleteConnectionTemplateInput, raw);
  const template = await findConnectionTemplate(deps, ctx, id);
  requireWriter(ctx);
  await inTransaction(deps, async (session) => {
    await refuseWhileDeployed(deps, template, 'deleted', session);
    await deps.store.connectionTemplates.deleteOne({ _id: id }, { session });
  });
  return template;
}
