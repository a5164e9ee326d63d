import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import type { FieldFault } from '../../../errors';
import type { FlowConfig } from '../../../store/models/flow-config.model';
import type { Deps } from '../../context';
import { isGiven } from '../../is-given';
import { invalidInput } from '../../parse-input';
import { noteKeyChange, storedApiKeys } from './api-keys';

/** What can be set at a flow of an instance; it counts at once. */
export const flowConfigInput = z.object({
  flowId: z.string(),
  apiKeys: z.array(z.string().trim().min(1, 'An API key cannot be empty.')).nullish(),
  testPayload: z.string().nullish(),
  testContentType: z.string().nullish(),
  testHeaders: z.string().nullish().describe('JSON text of an object.'),
});

/** Changes flows of an instance. Throws `invalid_input` naming every flow that it lacks. In a transaction. */
export async function updateFlowConfigs(
  deps: Pick<Deps, 'store' | 'sealer'>,
  instanceId: string,
  inputs: z.output<typeof flowConfigInput>[],
  session: ClientSession,
): Promise<void> {
  const faults: FieldFault[] = [];
  for (const [at, { flowId, apiKeys, testPayload, testContentType, testHeaders }] of inputs.entries()) {
    const changes: Partial<FlowConfig> = {};
    if (isGiven(apiKeys))
      Object.assign(changes, storedApiKeys(deps, { instanceId, flowId }, [...new Set(apiKeys)]));
    if (testPayload !== undefined) changes.testPayload = testPayload;
    if (testContentType !== undefined) changes.testContentType = testContentType;
    if (testHeaders !== undefined) changes.testHeaders = testHeaders;
    const result = await deps.store.flowConfigs.updateOne(
      { instanceId, flowId },
      { $set: changes },
      { session },
    );
    if (result.matchedCount === 0) {
      faults.push({ field: `flowConfigs.${at}.flowId`, messages: [`The instance has no flow ${flowId}.`] });
    }
  }
  if (faults.length > 0) throw invalidInput(faults);
  if (inputs.some(({ apiKeys }) => isGiven(apiKeys))) await noteKeyChange(deps, { instanceId }, session);
}
