import { z } from 'zod';
import type { Fault } from '../../definition';
import type { Integration } from '../../store/models/integration.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { warnOfProfile } from '../instance-profiles/warn-of-profile';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { readPlan } from '../plans/load-plan';
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
  replace: z
    .boolean()
    .nullish()
    .describe('Also when code takes the place of a plain definition, or the other way round.'),
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
  const { integrationId, customerId, replace, definition: text } = parseInput(importIntegrationInput, raw);
  const target = !isGiven(integrationId) ? null : await findDraftOrVersion(deps, ctx, integrationId);
  if (isGiven(customerId)) await findCustomer(deps, ctx, customerId);
  const { organizationId } = ctx.actor;
  const compiled = await compileDefinition(deps, organizationId, text, async (name) => {
    const known = target?.integration ?? (await sameName(deps, organizationId, name));
    return { customerId: known?.customerId ?? customerId ?? null, identities: known?.identities };
  });
  const { scope } = compiled;
  const plan = readPlan(compiled.plan);
  const named = { text, name: plan.instanceProfile };
  const warnings = [...compiled.warnings, ...(await warnOfProfile(deps, organizationId, named))];
  const store = () =>
    inTransaction(deps, async (session) => {
      const id = target?.integration._id ?? null;
      const draft = { id, customerId: customerId ?? null, replace: replace ?? false, compiled, text };
      const integration = await storeDraft(deps, ctx.actor, draft, session);
      await storeTestInstance(deps, integration, plan, session);
      await renameTestVariables(deps, integration, scope.identities ?? null, session);
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

/** The integration that an import without an id changes. */
async function sameName(
  deps: Deps,
  organizationId: string,
  name: string | null,
): Promise<Integration | null> {
  if (name === null) return null;
  return deps.store.integrations.findOne({ organizationId, name }).lean<Integration>();
}
