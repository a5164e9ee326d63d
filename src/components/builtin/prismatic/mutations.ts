import { type Inputs, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { apiAction, textInput } from './api-action';
import { ERRORS, EXECUTION, FLOW, INSTANCE, INTEGRATION } from './fields';

const instanceId = textInput('Instance Id', 'Id of the instance.', true);
const integrationId = textInput('Integration Id', 'Id of the integration.', true);
const name = textInput('Name', 'The new name; it stays as it is when this is empty.');
const description = textInput('Description', 'The new description; it stays as it is when this is empty.');

/** A mutation; its input is made of the step's inputs. */
const mutating = (
  labels: { label: string; description: string },
  inputs: Inputs,
  mutation: { name: string; type: string; returns: string },
  inputOf: (values: Record<string, string>) => Record<string, unknown>,
) =>
  apiAction(labels.label, labels.description, inputs, (values) => ({
    query: `mutation ${mutation.name}($input: ${mutation.type}!) {
      ${mutation.name}(input: $input) { ${mutation.returns} ${ERRORS} }
    }`,
    variables: { input: inputOf(values) },
  }));

const given = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]));

const instanceChange = (mutation: string, type: string) => ({
  name: mutation,
  type,
  returns: `instance { ${INSTANCE} }`,
});

const integrationChange = (mutation: string, type: string) => ({
  name: mutation,
  type,
  returns: `integration { ${INTEGRATION} }`,
});

export const deployInstance = mutating(
  { label: 'Deploy Instance', description: 'Deploys an instance.' },
  { instanceId },
  instanceChange('deployInstance', 'DeployInstanceInput'),
  ({ instanceId: id }) => ({ id }),
);

export const disableInstance = mutating(
  { label: 'Disable Instance', description: 'Pauses an instance: its triggers do not fire.' },
  { instanceId },
  instanceChange('updateInstance', 'UpdateInstanceInput'),
  ({ instanceId: id }) => ({ id, enabled: false }),
);

export const updateInstance = mutating(
  { label: 'Update Instance', description: 'Changes the name or the description of an instance.' },
  { instanceId, name, description },
  instanceChange('updateInstance', 'UpdateInstanceInput'),
  (values) => ({
    id: values['instanceId'],
    ...given({ name: values['name'], description: values['description'] }),
  }),
);

export const updateIntegration = mutating(
  { label: 'Update Integration', description: 'Changes the name or the description of an integration.' },
  { integrationId, name, description },
  integrationChange('updateIntegration', 'UpdateIntegrationInput'),
  (values) => ({
    id: values['integrationId'],
    ...given({ name: values['name'], description: values['description'] }),
  }),
);

export const publishIntegration = mutating(
  {
    label: 'Publish Integration Version',
    description: 'Publishes the draft of an integration as a new version.',
  },
  { integrationId, comments: textInput('Comments', 'What is new in the version.') },
  integrationChange('publishIntegration', 'PublishIntegrationInput'),
  ({ integrationId: id, comments = '' }) => ({ id, comment: comments }),
);

export const importIntegration = mutating(
  { label: 'Import Integration', description: 'Takes a definition over as the draft of an integration.' },
  {
    integrationId: textInput('Integration Id', 'Id of the integration; a new one when empty.'),
    definition: input({
      label: 'YAML Definition',
      type: 'text',
      required: true,
      comments: 'The definition as YAML text.',
      clean: cleanText,
    }),
  },
  integrationChange('importIntegration', 'ImportIntegrationInput'),
  ({ integrationId: id, definition }) => ({ definition, ...given({ integrationId: id }) }),
);

export const testFlow = mutating(
  { label: 'Test Flow', description: 'Runs a flow of the draft of an integration.' },
  {
    flowId: textInput('Flow Id', 'Id of the flow.', true),
    payload: input({
      label: 'Payload',
      type: 'data',
      comments: 'Body of the test request.',
      clean: cleanText,
    }),
    contentType: textInput('Content Type', 'Content type of the body.'),
  },
  {
    name: 'testIntegrationFlow',
    type: 'TestIntegrationFlowInput',
    returns: `testIntegrationFlowResult { flow { ${FLOW} } execution { ${EXECUTION} } }`,
  },
  ({ flowId: id, payload, contentType }) => ({ id, ...given({ payload, contentType }) }),
);
