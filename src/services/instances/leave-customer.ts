import type { ClientSession } from 'mongoose';
import type { Instance } from '../../store/models/instance.model';
import type { Deps } from '../context';
import { forgetStates } from '../state/remove-states';
import { noteKeyChange } from './flow-configs/api-keys';

type Test = Pick<Instance, '_id' | 'integrationId'>;

/**
 * Takes from a test instance what it got while it was a customer's, within a transaction, so that none of it reaches
 * the next one: values, tokens, users, API keys, remembered test input and state. Executions stay with that customer.
 * Of its configuration only the chosen on-premise resources stay: those of customers are taken elsewhere. Answers the
 * blobs that nothing refers to any more, to be discarded once the transaction is through.
 */
export async function leaveCustomer(
  deps: Pick<Deps, 'store'>,
  { _id, integrationId }: Test,
  session: ClientSession,
): Promise<string[]> {
  const { instances, flowConfigs, connections, consents, userConfigs, formerUserValues } = deps.store;
  const ofTest = { instanceId: _id };
  const test = await instances.findById(_id, { configVariables: 1 }, { session }).lean<Instance>();
  const configVariables = (test?.configVariables ?? [])
    .filter(({ onPremiseResourceId }) => onPremiseResourceId !== undefined)
    .map((variable) => ({ ...variable, sealedValue: null, sealedInputs: [], timeZone: null }));
  await instances.updateOne({ _id }, { $set: { configVariables, updatedAt: new Date() } }, { session });
  const none = { sealedApiKeys: null, apiKeyDigests: [] };
  const noInput = { testPayload: null, testContentType: null, testHeaders: null };
  await flowConfigs.updateMany(ofTest, { $set: { ...none, ...noInput } }, { session });
  await noteKeyChange(deps, ofTest, session);
  await connections.deleteMany(ofTest, { session });
  await consents.deleteMany(ofTest, { session });
  await userConfigs.deleteMany(ofTest, { session });
  await formerUserValues.deleteMany(ofTest, { session });
  const others = await instances.exists({ integrationId, isSystem: false }).session(session);
  // What is left of an integration's state without any instance is the customer's, too.
  return forgetStates(deps, { ...ofTest, ...(!others && { integrationId }) }, session);
}
