import type { ClientSession } from 'mongoose';
import type { Identities } from '../../definition';
import type { Instance } from '../../store/models/instance.model';
import type { Integration } from '../../store/models/integration.model';
import type { Deps } from '../context';

const variablesOf = (identities: string | null | undefined): Identities['configVars'] =>
  identities ? (JSON.parse(identities) as Identities).configVars : [];

/** Takes the values of the test instance along to variables that the new draft calls otherwise. */
export async function renameTestVariables(
  deps: Pick<Deps, 'store'>,
  integration: Integration,
  before: string | null,
  session: ClientSession,
): Promise<void> {
  const now = new Map(variablesOf(integration.identities).map(({ name, stableKey }) => [stableKey, name]));
  const renamed = new Map(
    variablesOf(before).flatMap(({ name, stableKey }) => {
      const present = now.get(stableKey);
      return present === undefined || present === name ? [] : [[name, present] as const];
    }),
  );
  if (renamed.size === 0) return;
  const { instances } = deps.store;
  const filter = { integrationId: integration._id, isSystem: true };
  const test = await instances.findOne(filter, null, { session }).lean<Instance>();
  if (test === null) return;
  const targets = new Set(renamed.values());
  const kept = test.configVariables.filter(({ key }) => renamed.has(key) || !targets.has(key));
  const configVariables = kept.map((one) => ({ ...one, key: renamed.get(one.key) ?? one.key }));
  await instances.updateOne({ _id: test._id }, { $set: { configVariables } }, { session });
}
