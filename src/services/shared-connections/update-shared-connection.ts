import { z } from 'zod';
import type { PlanConnection } from '../../engine/plan';
import { type FieldFault, notFound } from '../../errors';
import type { SharedConnection } from '../../store/models/shared-connection.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { FaultCollector } from '../instances/config/fault-collector';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { invalidInput, parseInput } from '../parse-input';
import { inTransaction } from '../transaction';
import { applyFields, fieldsInput } from './apply-fields';
import { findConnectionType } from './connection-type';
import { findSharedConnection } from './find-shared-connection';
import { moveVersion } from './move-version';
import { connectionTypeOf, openFields, sealFields } from './shared-variable';

export const updateSharedConnectionInput = z.object({
  id: z.string(),
  name: nameInput('A shared connection').nullish(),
  description: z.string().nullish(),
  component: z
    .object({
      key: z.string().nullish(),
      isPublic: z.boolean().nullish(),
      version: z.int().positive().nullish().describe('The newest usable one if not given.'),
    })
    .nullish()
    .describe('Moves it to another version of its component, whose fields and defaults count from then on.'),
  connection: z.string().nullish().describe('Key of the connection type: the present one, if it is given.'),
  inputs: fieldsInput.nullish(),
});

/**
 * Changes what is given. Values, and those of another version, count for the runs that begin from then on, without a
 * deploy. Throws `invalid_input` with every fault; then nothing changes.
 */
export async function updateSharedConnection(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateSharedConnectionInput>,
): Promise<SharedConnection> {
  const input = parseInput(updateSharedConnectionInput, raw);
  const { id, name, description, inputs } = input;
  const found = await findSharedConnection(deps, ctx, id);
  requireWriter(ctx);
  const type = await otherType(deps, found, input);
  const { sharedConnections } = deps.store;
  return inTransaction(deps, async (session) => {
    const present = await sharedConnections.findById(id, null, { session }).lean<SharedConnection>();
    if (!present) throw notFound('The shared connection');
    const changes: Partial<SharedConnection> = { updatedAt: new Date() };
    if (isGiven(name)) changes.name = name;
    if (isGiven(description)) changes.description = description;
    if (isGiven(inputs) || type) {
      const unmoved = { fields: openFields(deps.sealer, present.sealedInputs), given: inputs ?? [] };
      const faults = new FaultCollector('inputs');
      const { fields, given } = type
        ? await moveVersion(deps, { present, type, ...unmoved }, faults, session)
        : unmoved;
      const after = applyFields(type ?? connectionTypeOf(present), fields, given, new Set(), faults);
      changes.sealedInputs = sealFields(deps.sealer, after);
      if (type) changes.connection = JSON.stringify(type);
    }
    await sharedConnections.updateOne({ _id: id }, { $set: changes }, { session });
    return { ...present, ...changes };
  });
}

/**
 * The connection's kind in the version that is asked for; undefined for none. Which kind it is stays, since steps,
 * values and grants are made for it. Throws `invalid_input` for another, and where the version has it no longer.
 */
async function otherType(
  deps: Pick<Deps, 'store'>,
  shared: SharedConnection,
  { component, connection }: z.output<typeof updateSharedConnectionInput>,
): Promise<PlanConnection | undefined> {
  const { key } = connectionTypeOf(shared);
  const { key: wantedKey, isPublic, version } = component ?? {};
  const isOther =
    (isGiven(wantedKey) && wantedKey !== shared.component.key) ||
    (isGiven(isPublic) && isPublic !== shared.component.isPublic);
  const faults: FieldFault[] = [];
  if (isOther) {
    const message = `It stays a connection of the component "${shared.component.key}": create another one.`;
    faults.push({ field: 'component', messages: [message] });
  }
  if (isGiven(connection) && connection !== key)
    faults.push({ field: 'connection', messages: [`It stays a connection "${key}": create another one.`] });
  if (faults.length > 0) throw invalidInput(faults);
  if (!isGiven(component)) return undefined;
  const name = { component: { ...shared.component, version }, connection: key };
  return findConnectionType(deps, shared.organizationId, name);
}
