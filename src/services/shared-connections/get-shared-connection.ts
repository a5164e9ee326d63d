import { z } from 'zod';
import type { CustomerConnection } from '../../store/models/customer-connection.model';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { findCustomerConnection, findSharedConnection } from './find-shared-connection';

export const getSharedConnectionInput = z.object({ id: z.string() });

/** One shared connection; users of a customer see those that customers manage. Throws `not_found`. */
export async function getSharedConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getSharedConnectionInput>,
): Promise<SharedConnection> {
  const { id } = parseInput(getSharedConnectionInput, raw);
  return findSharedConnection(deps, ctx, id);
}

/** A customer's values of a shared connection. Throws `not_found`. */
export async function getCustomerConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof getSharedConnectionInput>,
): Promise<CustomerConnection> {
  const { id } = parseInput(getSharedConnectionInput, raw);
  return (await findCustomerConnection(deps, ctx, id)).own;
}
