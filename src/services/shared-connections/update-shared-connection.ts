import { z } from 'zod';
import { notFound } from '../../errors';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { applyFields, fieldsInput } from './apply-fields';
import { findSharedConnection } from './find-shared-connection';
import { connectionTypeOf, openFields, sealFields } from './shared-variable';

export const updateSharedConnectionInput = z.object({
  id: z.string(),
  name: nameInput('A shared connection').nullish(),
  description: z.string().nullish(),
  inputs: fieldsInput.nullish(),
});

/**
 * Changes what is given. Values count for the runs that begin from then on, without a deploy. Throws `invalid_input`
 * with every fault; then nothing changes.
 */
export async function updateSharedConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateSharedConnectionInput>,
): Promise<SharedConnection> {
  const { id, name, description, inputs } = parseInput(updateSharedConnectionInput, raw);
  await findSharedConnection(deps, ctx, id);
  requireWriter(ctx);
  const { sharedConnections } = deps.store;
  return inTransaction(deps, async (session) => {
    const present = await sharedConnections.findById(id, null, { session }).lean<SharedConnection>();
    if (!present) throw notFound('The shared connection');
    const changes: Partial<SharedConnection> = { updatedAt: new Date() };
    if (isGiven(name)) changes.name = name;
    if (isGiven(description)) changes.description = description;
    if (isGiven(inputs)) {
      const before = openFields(deps.sealer, present.sealedInputs);
      const after = applyFields(connectionTypeOf(present), before, inputs);
      changes.sealedInputs = sealFields(deps.sealer, after);
    }
    await sharedConnections.updateOne({ _id: id }, { $set: changes }, { session });
    return { ...present, ...changes };
  });
}
