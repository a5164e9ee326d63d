import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { nameInput } from '../name-input';
import { parseInput } from '../parse-input';
import { fieldsInput } from '../shared-connections/apply-fields';
import { findConnectionType } from '../shared-connections/connection-type';
import { sealFields } from '../shared-connections/shared-variable';
import { duplicateAsConflict } from '../transaction';
import { NAME_TAKEN, refuseFaults } from './name-taken';
import { presetFields } from './preset-fields';

/** The kind of connection that a preset is of. */
export const kindInput = {
  component: z.object({
    key: z.string(),
    isPublic: z.boolean().describe('True for built-in components, false for those of the organization.'),
    version: z
      .int()
      .positive()
      .nullish()
      .describe('Whose fields there are; the newest usable one if not given.'),
  }),
  connection: z.string().describe('Key of the kind of connection in the component.'),
};

export const createConnectionTemplateInput = z.object({
  name: nameInput('A preset').describe(
    'What definitions name as `template`; unique for its kind of connection.',
  ),
  ...kindInput,
  inputs: fieldsInput.nullish(),
});

/**
 * Keeps values for fields of a kind of connection under a name, for definitions to name. Throws `invalid_input` with
 * every fault, and `conflict` for a name that is taken.
 */
export async function createConnectionTemplate(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof createConnectionTemplateInput>,
): Promise<ConnectionTemplate> {
  requireWriter(ctx);
  const input = parseInput(createConnectionTemplateInput, raw);
  const { organizationId } = ctx.actor;
  const kind = await findConnectionType(deps, organizationId, input);
  const { fields, faults } = presetFields(kind, new Map(), input.inputs ?? []);
  const now = new Date();
  const template: ConnectionTemplate = {
    _id: randomUUID(),
    organizationId,
    name: input.name,
    component: { key: kind.component.key, isPublic: kind.component.isPublic },
    connection: kind.key,
    kind: JSON.stringify(kind),
    sealedInputs: sealFields(deps.sealer, fields),
    createdAt: now,
    updatedAt: now,
  };
  await refuseFaults(deps, template, faults);
  try {
    await deps.store.connectionTemplates.create(template);
  } catch (error) {
    throw duplicateAsConflict(error, { name: NAME_TAKEN });
  }
  return template;
}
