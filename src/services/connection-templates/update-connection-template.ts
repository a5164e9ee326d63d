import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import type { PlanConnection } from '../../engine/plan';
import { invalidField, isAppError, notFound } from '../../errors';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { isGiven } from '../is-given';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { fieldsInput } from '../shared-connections/apply-fields';
import { findConnectionType } from '../shared-connections/connection-type';
import { openFields, sealFields } from '../shared-connections/shared-variable';
import { duplicateAsConflict, inTransaction } from '../transaction';
import { kindInput } from './create-connection-template';
import { findConnectionTemplate } from './find-connection-template';
import { NAME_TAKEN, refuseFaults } from './name-taken';
import { presetFields } from './preset-fields';
import { deployedWith, refuseWhileDeployed } from './users-of-template';

export const updateConnectionTemplateInput = z.object({
  id: z.string(),
  name: nameInput('A preset').nullish(),
  kind: z.object(kindInput).nullish().describe('The same kind of connection, of a version of its component.'),
  inputs: fieldsInput.nullish(),
});
type Changes = Omit<z.output<typeof updateConnectionTemplateInput>, 'id' | 'kind'>;

/**
 * Changes what is given. Values count for an instance from its next deploy on, which it is said to need; test instances
 * have them at once. Throws `invalid_input` with every fault, `conflict` for a name that is taken, and `invalid_state`
 * for another name while deployed instances have its values.
 */
export async function updateConnectionTemplate(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof updateConnectionTemplateInput>,
): Promise<ConnectionTemplate> {
  const { id, kind: wanted, ...changes } = parseInput(updateConnectionTemplateInput, raw);
  const template = await findConnectionTemplate(deps, ctx, id);
  requireWriter(ctx);
  const kind = isGiven(wanted) ? await sameKind(deps, template, wanted) : await newestKind(deps, template);
  try {
    return await inTransaction(deps, (session) => store(deps, { id, kind, changes }, session));
  } catch (error) {
    throw duplicateAsConflict(error, { name: NAME_TAKEN });
  }
}

async function store(
  deps: Deps,
  { id, kind, changes }: { id: string; kind: PlanConnection; changes: Changes },
  session: ClientSession,
): Promise<ConnectionTemplate> {
  const { connectionTemplates, instances } = deps.store;
  const present = await connectionTemplates.findById(id, null, { session }).lean<ConnectionTemplate>();
  if (!present) throw notFound('The preset');
  const { name, inputs } = changes;
  const before = openFields(deps.sealer, present.sealedInputs);
  const { fields, faults } = presetFields(kind, before, inputs ?? []);
  const next: ConnectionTemplate = {
    ...present,
    name: name ?? present.name,
    kind: JSON.stringify(kind),
    ...(isGiven(inputs) && { sealedInputs: sealFields(deps.sealer, fields) }),
    updatedAt: new Date(),
  };
  await refuseFaults(deps, next, faults);
  if (next.name !== present.name) await refuseWhileDeployed(deps, present, 'renamed', session);
  const { name: called, kind: json, sealedInputs, updatedAt } = next;
  await connectionTemplates.updateOne(
    { _id: id },
    { $set: { name: called, kind: json, sealedInputs, updatedAt } },
    { session },
  );
  if (isGiven(inputs))
    await instances.updateMany(deployedWith(id), { $set: { needsDeploy: true } }, { session });
  return next;
}

async function sameKind(
  deps: Deps,
  { organizationId, component, connection, name }: ConnectionTemplate,
  wanted: Parameters<typeof findConnectionType>[2],
): Promise<PlanConnection> {
  const kind = await findConnectionType(deps, organizationId, wanted);
  const isSame =
    kind.key === connection &&
    kind.component.key === component.key &&
    kind.component.isPublic === component.isPublic;
  if (isSame) return kind;
  const message = `"${name}" is a preset of the connection "${connection}" of "${component.key}" and stays one: create another preset.`;
  throw invalidField('connection', message);
}

/** With the fields of the newest version; as it was known last where there is none that can be used. */
async function newestKind(
  deps: Deps,
  { organizationId, component, connection, kind }: ConnectionTemplate,
): Promise<PlanConnection> {
  try {
    return await findConnectionType(deps, organizationId, { component, connection });
  } catch (error) {
    if (!isAppError(error) || error.code !== 'invalid_input') throw error;
    return JSON.parse(kind) as PlanConnection;
  }
}
