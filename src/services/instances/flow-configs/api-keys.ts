import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Deps } from '../../context';

type Owner = Pick<FlowConfig, 'instanceId' | 'flowId'>;
type StoredKeys = Pick<FlowConfig, 'sealedApiKeys' | 'apiKeyDigests'>;

/** API keys of a flow as they are stored: nobody can read or try them out who has the database alone. */
export function storedApiKeys(
  { sealer }: Pick<Deps, 'sealer'>,
  owner: Owner,
  apiKeys: readonly string[],
): StoredKeys {
  return {
    sealedApiKeys: apiKeys.length === 0 ? null : sealer.seal(JSON.stringify(apiKeys)),
    apiKeyDigests: apiKeys.map((key) => sealer.digest(digested(owner, key))),
  };
}

/** The keys themselves, for those who may see them and for components. */
export function openApiKeys(
  { sealer }: Pick<Deps, 'sealer'>,
  { sealedApiKeys }: Pick<StoredKeys, 'sealedApiKeys'>,
): string[] {
  return sealedApiKeys === null ? [] : (JSON.parse(sealer.open(sealedApiKeys)) as string[]);
}

/** Whether the key is one of the flow's. Takes as long for each key, right or wrong, and opens none. */
export function isApiKeyOf(
  { sealer }: Pick<Deps, 'sealer'>,
  flowConfig: Owner & Pick<StoredKeys, 'apiKeyDigests'>,
  key: string,
): boolean {
  const text = digested(flowConfig, key);
  return flowConfig.apiKeyDigests.filter((digest) => sealer.isDigestOf(digest, text)).length > 0;
}

/** With its owner, so that nobody sees where two flows have the same key. */
const digested = ({ instanceId, flowId }: Owner, key: string): string => `${instanceId}/${flowId}/${key}`;

/**
 * Seals with the present key what a former one sealed, and what a former release stored readable, so that a former key
 * can go once an API process was started without it in front. Doing it twice is harmless.
 */
export async function resealApiKeys(deps: Pick<Deps, 'store' | 'sealer'>): Promise<void> {
  const { collection } = deps.store.flowConfigs;
  const [presentId = ''] = deps.sealer.digest('').split('.');
  const ofFormerKeys = { sealedApiKeys: { $type: 'string', $not: { $regex: `^${escape(presentId)}\\.` } } };
  const readable = { apiKeyDigests: { $exists: false } };
  for await (const found of collection.find({ $or: [readable, ofFormerKeys] } as never)) {
    const flowConfig = found as unknown as Partial<FlowConfig> & Owner & { apiKeys?: string[] };
    const { _id, sealedApiKeys = null, apiKeys } = flowConfig;
    const keys = sealedApiKeys === null ? apiKeys : openOrNone(deps, sealedApiKeys);
    if (keys === undefined && sealedApiKeys !== null) continue;
    await collection.updateOne({ _id, sealedApiKeys } as never, {
      $set: storedApiKeys(deps, flowConfig, keys ?? []),
      $unset: { apiKeys: 1 },
    });
    await noteKeyChange(deps, flowConfig);
  }
}

/** Behind a change of keys, or within its transaction: doors remember the keys of an instance by their revision. */
export async function noteKeyChange(
  { store }: Pick<Deps, 'store'>,
  { instanceId }: Pick<Owner, 'instanceId'>,
  session?: ClientSession,
): Promise<void> {
  const options = { ...(session && { session }) };
  // Never one that was there before: a change that a failover took back may have been seen under its own.
  await store.instances.updateOne({ _id: instanceId }, { $set: { keysRevision: randomUUID() } }, options);
}

/** One whose key is gone stays as it is: the door refuses its callers, and whoever reads it is told why. */
function openOrNone(deps: Pick<Deps, 'sealer'>, sealedApiKeys: string): string[] | undefined {
  try {
    return openApiKeys(deps, { sealedApiKeys });
  } catch {
    return undefined;
  }
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
