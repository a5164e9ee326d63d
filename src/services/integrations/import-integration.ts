import { z } from 'zod';
import { type Fault, parseDefinition } from '../../definition';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { duplicateAsConflict, inTransaction } from '../transaction';
import { compileDefinition } from './compile-definition';
import { findDraftOrVersion } from './find-integration';
import { renameTestVariables } from './rename-test-variables';
import { storeDraft } from './store-draft';
import { storeTestInstance } from './store-test-instance';

export const importIntegrationInput = z.object({
  definition: z.string().describe('YAML text; becomes the draft as it is.'),
  integrationId: z
    .string()
    .nullish()
    .describe('The integration to change; otherwise the one of that name, or a new one.'),
  replace: z.boolean().nullish().describe('Accepted for existing clients; every import replaces the draft.'),
  customerId: z.string().nullish().describe('The customer who owns it, for a new integration.'),
});

/** An integration with what is doubtful in its new draft. */
export type ImportedIntegration = Integration & { warnings: Fault[] };

/** What a name that is taken is answered with. */
export const NAME_TAKEN = {
  name: { field: 'name', message: 'Another integration of the organization has this name; choose another.' },
};

/**
 * Makes a definition the draft of an integration, and its test instance with it. Nothing is stored when it has
 * faults (`invalid_definition`); what is published or deployed is not touched.
 */
export async function importIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof importIntegrationInput>,
): Promise<ImportedIntegration> {
  requireWriter(ctx);
  const { integrationId, customerId, definition: text } = parseInput(importIntegrationInput, raw);
  const target = !isGiven(integrationId) ? null : await findDraftOrVersion(deps, ctx, integrationId);
  if (isGiven(customerId)) await findCustomer(deps, ctx, customerId);
  const known = target?.integration ?? (await sameName(deps, ctx.actor.organizationId, text));
  const { definition, plan, identities, warnings } = await compileDefinition(
    deps,
    ctx.actor.organizationId,
    text,
    { customerId: known?.customerId ?? customerId ?? null, identities: known?.identities },
  );
  const store = () =>
    inTransaction(deps, async (session) => {
      const id = target?.integration._id ?? null;
      const draft = { id, customerId: customerId ?? null, definition, text, identities };
      const integration = await storeDraft(deps, ctx.actor, draft, session);
      await storeTestInstance(deps, integration, plan, session);
      await renameTestVariables(deps, integration, known?.identities ?? null, session);
      return { ...integration, warnings };
    });
  try {
    return await store().catch((error: unknown) => {
      // Two imports made the same new integration at once: the later one changes it.
      if (target === null && (error as { code?: unknown }).code === 11000) return store();
      throw error;
    });
  } catch (error) {
    throw duplicateAsConflict(error, NAME_TAKEN);
  }
}

/** The integration that an import without an id changes, as far as the text can be read. */
async function sameName(deps: Deps, organizationId: string, text: string): Promise<Integration | null> {
  const name = parseDefinition(text).definition?.name;
  if (name === undefined) return null;
  return deps.store.integrations.findOne({ organizationId, name }).lean<Integration>();
}
