import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../errors';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { parseInput } from '../parse-input';
import { storePlan } from '../plans/load-plan';
import { inTransaction } from '../transaction';
import { compileDefinition } from './compile-definition';
import type { CompiledDefinition } from './desk/desk-requests';
import { findDraftOrVersion } from './find-integration';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export const publishIntegrationInput = z.object({
  id: z.string(),
  comment: z.string().nullish(),
  attributes: z.string().refine(isJson, 'The attributes must be JSON text.').nullish(),
});

/** How often a draft may change under a publish before it is given up. */
const TRIES = 3;

/**
 * Publishes the draft as the next version: checked, compiled and with its components pinned. Nothing is stored
 * when it has faults (`invalid_definition`).
 */
export async function publishIntegration(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof publishIntegrationInput>,
): Promise<IntegrationVersion> {
  const input = parseInput(publishIntegrationInput, raw);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { integration } = await findDraftOrVersion(deps, ctx, input.id);
    requireWriter(ctx);
    const compiled = await compileDefinition(
      deps,
      integration.organizationId,
      integration.definition,
      integration,
    );
    const version = await storeVersion(deps, ctx, { integration, compiled, ...input });
    if (version) return version;
  }
  throw new AppError('conflict', 'The draft was changed while it was being published.');
}

interface Publication {
  integration: Integration;
  compiled: CompiledDefinition;
  comment?: string | null | undefined;
  attributes?: string | null | undefined;
}

/** Answers null when the draft is no longer the text that was compiled. */
async function storeVersion(
  deps: Deps,
  ctx: RequestContext,
  { integration, compiled, comment, attributes }: Publication,
): Promise<IntegrationVersion | null> {
  return inTransaction(deps, async (session) => {
    const counted = await deps.store.integrations
      .findOneAndUpdate(
        { _id: integration._id, definition: integration.definition },
        { $inc: { latestVersionNumber: 1 } },
        { returnDocument: 'after', session },
      )
      .lean<Integration>();
    if (!counted) return null;
    const version: IntegrationVersion = {
      _id: randomUUID(),
      integrationId: counted._id,
      organizationId: counted.organizationId,
      customerId: counted.customerId,
      versionNumber: counted.latestVersionNumber,
      name: counted.name,
      description: counted.description,
      category: compiled.category,
      labels: compiled.labels,
      definition: counted.definition,
      planId: await storePlan(deps, compiled.plan, session),
      comment: comment ?? '',
      attributes: attributes ?? null,
      isCodeNative: compiled.isCodeNative,
      avatarUrl: counted.avatarUrl ?? null,
      isAvailable: true,
      createdBy: ctx.actor.userId,
      createdAt: new Date(),
    };
    await deps.store.integrationVersions.create([version], { session });
    return version;
  });
}
