import { z } from 'zod';
import { notFound } from '../../errors';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import { requireInstanceWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { applyFields, fieldsInput } from './apply-fields';
import { findCustomerConnection } from './find-shared-connection';
import { keptFromCustomers } from './kept-from-customers';
import { connectionTypeOf, openFields, sealFields } from './shared-variable';

export const updateCustomerConnectionInput = z.object({ id: z.string(), inputs: fieldsInput.nullish() });

/** Changes the fields that are given, for the runs that begin from then on. Throws `invalid_input` with every fault. */
export async function updateCustomerConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateCustomerConnectionInput>,
): Promise<CustomerConnection> {
  const { id, inputs } = parseInput(updateCustomerConnectionInput, raw);
  const { own, shared } = await findCustomerConnection(deps, ctx, id);
  requireInstanceWriter(ctx, own);
  const { customerConnections } = deps.store;
  return inTransaction(deps, async (session) => {
    const present = await customerConnections.findById(id, null, { session }).lean<CustomerConnection>();
    if (!present) throw notFound('The customer’s values of a shared connection');
    const before = openFields(deps.sealer, present.sealedInputs);
    const after = applyFields(connectionTypeOf(shared), before, inputs ?? [], keptFromCustomers(ctx, shared));
    const changes = { sealedInputs: sealFields(deps.sealer, after), updatedAt: new Date() };
    await customerConnections.updateOne({ _id: id }, { $set: changes }, { session });
    return { ...present, ...changes };
  });
}
