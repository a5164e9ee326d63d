import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { PlanConnection } from '../../engine/plan';
import type { FieldFault } from '../../errors';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { nameInput } from '../name-input';
import { invalidInput, parseInput } from '../parse-input';
import { fieldsInput } from '../shared-connections/apply-fields';
import { findConnectionType } from '../shared-connections/connection-type';
import { sealFields } from '../shared-connections/shared-variable';
import { duplicateAsConflict } from '../transaction';
import { NAME_TAKEN, refuseFaults } from './name-taken';
import { presetFields } from './preset-fields';
import { tryInput } from './try-input';

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

const kindSchema = z.object(kindInput);
const inputsSchema = z.object({ inputs: fieldsInput.nullish() });

export const createConnectionTemplateInput = z.object({
  name: nameInput('A preset').describe(
    'What definitions name as `template`; unique for its kind of connection.',
  ),
  ...kindInput,
  ...inputsSchema.shape,
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
  const { organizationId } = ctx.actor;
  const { name, kind, fields, faults } = await readCreation(deps, organizationId, raw);
  const now = new Date();
  const template: ConnectionTemplate = {
    _id: randomUUID(),
    organizationId,
    name,
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

interface Creation {
  name: string;
  kind: PlanConnection;
  fields: Map<string, string>;
  /** Of the fields; all others are thrown, with these. */
  faults: FieldFault[];
}

/** Reads each part for itself, so that the faults of one do not hide those of another. */
async function readCreation(deps: Deps, organizationId: string, raw: unknown): Promise<Creation> {
  const whole = await tryInput(() => parseInput(createConnectionTemplateInput, raw));
  const named = kindSchema.safeParse(raw).data;
  const kind = named && (await tryInput(() => findConnectionType(deps, organizationId, named)));
  const inputs = inputsSchema.safeParse(raw).data?.inputs ?? [];
  const read = kind?.value ? presetFields(kind.value, new Map(), inputs) : undefined;
  if (!whole.value || !kind?.value || !read)
    throw invalidInput([...whole.faults, ...(kind?.faults ?? []), ...(read?.faults ?? [])]);
  return { name: whole.value.name, kind: kind.value, ...read };
}
