import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { builtinComponents } from '../../components/builtin-manifests';
import { invalidField } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import { requireWriter } from '../authorize';
import type { Deps, RequestContext } from '../context';
import { findCustomer } from '../customers/find-customer';
import { isGiven } from '../is-given';
import { parseInput } from '../parse-input';
import { countVersion } from './count-version';
import { blobOwnerOf } from './package-store';
import { manifestOf } from './published-manifest';
import { removeUnusedBundles } from './remove-unused-bundles';

const LONGEST_KEY = 200;
const key = z.string().min(1, 'A key is needed.').max(LONGEST_KEY);
const list = z
  .array(z.looseObject({ key }))
  .nullish()
  .transform((given) => given ?? []);

export const publishComponentInput = z.object({
  definition: z.looseObject({
    key,
    public: z.boolean().nullish(),
    forCodeNativeIntegration: z.boolean().nullish(),
  }),
  actions: list,
  triggers: list,
  dataSources: list,
  connections: list,
  comment: z.string().max(10_000).nullish(),
  attributes: z.string().max(10_000).nullish().describe('JSON text: commit hash and the like.'),
  customerId: z.string().nullish().describe('The customer who alone may use it.'),
});

/**
 * Makes the next version of a component known. It can be used once its package has arrived and passed its
 * checks. Throws `invalid_input` that names every fault of what is said of it.
 */
export async function publishComponent(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof publishComponentInput>,
): Promise<ComponentVersion> {
  requireWriter(ctx);
  const { comment, attributes, customerId, ...published } = parseInput(publishComponentInput, raw);
  const { definition } = published;
  const isPublic = definition.public ?? false;
  const isCodeNative = definition.forCodeNativeIntegration ?? false;
  if (isPublic) refuseBuiltin(definition.key);
  const manifest = manifestOf(published, isPublic);
  if (isGiven(customerId)) await findCustomer(deps, ctx, customerId);
  const { organizationId, userId } = ctx.actor;
  if (isCodeNative) await removeUnusedBundles(deps, organizationId);
  const name = await countVersion(
    deps,
    { organizationId, key: definition.key, isPublic },
    customerId ?? null,
  );
  const id = randomUUID();
  const version: ComponentVersion = {
    _id: id,
    organizationId,
    customerId: name.customerId,
    key: definition.key,
    isPublic,
    versionNumber: name.lastVersionNumber,
    isLatest: false,
    status: 'pending',
    statusReason: '',
    signature: '',
    manifest,
    isCodeNative,
    comment: comment ?? '',
    attributes: attributes ?? null,
    definitionBlobId: await deps.store.blobs.put(Buffer.from(JSON.stringify(published)), blobOwnerOf(id)),
    packageBlobId: null,
    sourceBlobId: null,
    receivedAt: null,
    createdAt: new Date(),
    createdBy: userId,
  };
  await deps.store.componentVersions.create([version]);
  return version;
}

/** What a public name means must be the same to all who read a definition. */
function refuseBuiltin(componentKey: string): void {
  if (!builtinComponents().some(({ manifest }) => manifest.key === componentKey)) return;
  const remedy = 'Publish yours under another key, or with "public: false".';
  throw invalidField('definition.key', `The public component "${componentKey}" ships with Tenon. ${remedy}`);
}
