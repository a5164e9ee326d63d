import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { invalidField } from '../../errors';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { duplicateAsConflict } from '../transaction';
import { applyFields, fieldsInput } from './apply-fields';
import { findConnectionType } from './connection-type';
import { sealFields } from './shared-variable';

export const createSharedConnectionInput = z.object({
  stableKey: z
    .string()
    .trim()
    .min(1, 'A shared connection needs a stable key.')
    .max(200)
    .describe('What definitions name in `useScopedConfigVar`; unique, and stays as it is.'),
  name: nameInput('A shared connection'),
  description: z.string().nullish(),
  component: z.object({
    key: z.string(),
    isPublic: z.boolean().describe('True for built-in components, false for those of the organization.'),
    version: z.int().positive().nullish().describe('The newest usable one if not given.'),
  }),
  connection: z.string().describe('Key of the connection type in the component.'),
  managedBy: z
    .enum(['org', 'customer', 'system'])
    .nullish()
    .describe(
      'Who sets the values, `org` if not given. `customer`: administrators of a customer may set theirs. `system`: as `org`, for software of your own.',
    ),
  variableScope: z
    .enum(['org', 'customer'])
    .describe('`org`: one set of values for all customers. `customer`: each customer has a set of its own.'),
  inputs: fieldsInput.nullish(),
});

/** Sets up a connection that many instances may use. A stable key that is taken is a `conflict`. */
export async function createSharedConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createSharedConnectionInput>,
): Promise<SharedConnection> {
  requireWriter(ctx);
  const input = parseInput(createSharedConnectionInput, raw);
  const { stableKey, name, variableScope, managedBy } = input;
  if (managedBy === 'customer' && variableScope === 'org')
    throw invalidField('managedBy', 'Customers cannot manage what all of them share: use `org`.');
  const { organizationId } = ctx.actor;
  const type = await findConnectionType(deps, organizationId, input);
  const now = new Date();
  const shared: SharedConnection = {
    _id: randomUUID(),
    organizationId,
    stableKey,
    name,
    description: input.description ?? '',
    component: { key: type.component.key, isPublic: type.component.isPublic },
    connection: JSON.stringify(type),
    managedBy: managedBy ?? 'org',
    variableScope,
    sealedInputs: sealFields(deps.sealer, applyFields(type, new Map(), input.inputs ?? [])),
    createdAt: now,
    updatedAt: now,
  };
  try {
    await deps.store.sharedConnections.create(shared);
  } catch (error) {
    const message = 'Another shared connection has this stable key; each is used once.';
    throw duplicateAsConflict(error, { stableKey: { field: 'stableKey', message } });
  }
  return shared;
}
