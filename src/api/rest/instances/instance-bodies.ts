import { z } from 'zod';
import { configVariableInput } from '../../../services/instances/config/config-variable-input';
import { createInstanceInput } from '../../../services/instances/create-instance';
import { flowConfigInput } from '../../../services/instances/flow-configs/update-flow-configs';
import { updateInstanceInput } from '../../../services/instances/update-instance';
import { bodyId } from '../fields';

// The services' inputs, with unknown fields refused inside lists too.
const variables = z.array(
  configVariableInput
    .extend({
      onPremiseResourceId: bodyId
        .nullish()
        .describe('For a connection that allows it: the resource whose agent stands for `host` and `port`.'),
    })
    .strict(),
);

export const createInstanceBody = createInstanceInput
  .extend({
    integrationId: bodyId.describe('A version’s id, or an integration’s for its newest available version.'),
    customerId: bodyId,
    configVariables: variables.nullish(),
    profileId: bodyId
      .nullish()
      .describe('An instance profile; the one that the definition names, or the default one, if not given.'),
  })
  .strict();

export const updateInstanceBody = updateInstanceInput
  .omit({ id: true })
  .extend({
    versionId: bodyId.nullish().describe('A version, or the integration for its newest available one.'),
    configVariables: variables
      .nullish()
      .describe('Replace the set: what is left out falls back to its default.'),
    configVariablePatch: variables.nullish().describe('Change these only.'),
    profileId: bodyId.nullish().describe('An instance profile; null for the default one.'),
    flowConfigs: z.array(flowConfigInput.strict()).nullish(),
  })
  .strict();

export const putConfigVariablesBody = z.strictObject({
  configVariables: variables.describe('What is left out falls back to its default.'),
});
