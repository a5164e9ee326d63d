import { connectionOf, payloadOf } from './base';

/** Integrations, their published versions and their flows. */
export const integrationTypes = /* GraphQL */ `
  "An integration's draft, or one of its published versions: the id says which."
  type Integration {
    id: ID!
    name: String!
    description: String
    category: String
    labels: [String!]
    "Its definition was generated from code, which it brings along as a component."
    isCodeNative: Boolean!
    avatarUrl: String
    "Set for an integration of one customer."
    customer: Customer
    "YAML text. \`version\` is that of the format: 7, or left out."
    definition(version: Int, useLatestComponentVersions: Boolean): String
    versionNumber: Int!
    versionCreatedAt: DateTime
    versionCreatedBy: User
    versionComment: String
    versionIsAvailable: Boolean!
    "The published versions."
    versionSequence(
      versionIsAvailable: Boolean
      sortBy: [IntegrationOrder]
      first: Int
      after: String
    ): IntegrationConnection!
    flows(first: Int, after: String): IntegrationFlowConnection!
    "The test instance, which follows the draft."
    systemInstance: Instance!
    "The profile of instances that are made of it; the default one where it names none that is there."
    defaultInstanceProfile: InstanceProfile
    "Config variables of the test instance. A status is \`active\` or \`pending\`."
    testConfigVariables(status: String, status_In: [String]): InstanceConfigVariableConnection!
    "Instances of any version."
    instances(isSystem: Boolean, first: Int, after: String): InstanceConnection!
  }

  ${connectionOf('Integration')}

  input IntegrationOrder {
    field: IntegrationOrderField!
    direction: OrderDirection!
  }

  enum IntegrationOrderField {
    NAME
    DESCRIPTION
    CATEGORY
    CREATED_AT
    UPDATED_AT
    VERSION_NUMBER
  }

  type IntegrationFlow {
    id: ID!
    name: String!
    "Stays the same when the flow is renamed."
    stableKey: String
    description: String
    "Webhook address of this flow on the test instance."
    testUrl: String!
    trigger: IntegrationAction!
  }

  ${connectionOf('IntegrationFlow')}

  "A step of a flow."
  type IntegrationAction {
    action: Action!
  }

  "The integration with that name, or that id, takes on the definition; else it is new."
  input ImportIntegrationInput {
    definition: String!
    integrationId: ID
    "Also when code takes the place of a plain definition, or the other way round."
    replace: Boolean
    customer: ID
    clientMutationId: String
  }

  "Fields that are left out stay as they are."
  input UpdateIntegrationInput {
    id: ID
    name: String
    description: String
    customer: ID
    avatarUrl: String
    clientMutationId: String
  }

  input DeleteIntegrationInput {
    id: ID
    clientMutationId: String
  }

  input PublishIntegrationInput {
    id: ID
    comment: String
    "JSON text: commit hash and the like."
    attributes: String
    clientMutationId: String
  }

  input UpdateIntegrationVersionAvailabilityInput {
    "A version's id."
    id: ID
    available: Boolean!
    clientMutationId: String
  }

  input UpdateWorkflowTestConfigurationInput {
    "An integration's id."
    id: ID
    "Changes nothing: test addresses take requests at all times, and each is kept with its test execution."
    listeningMode: Boolean
    clientMutationId: String
  }

  input ValidateIntegrationSchemaInput {
    definition: String!
    clientMutationId: String
  }

  input TestIntegrationFlowInput {
    "A flow's id."
    id: ID
    payload: String
    contentType: String
    "JSON text of an object."
    headers: String
    clientMutationId: String
  }

  type TestIntegrationFlowResult {
    flow: IntegrationFlow
    execution: InstanceExecutionResult
  }

  ${payloadOf('TestIntegrationFlow', 'testIntegrationFlowResult', 'TestIntegrationFlowResult')}

  "Runs the preprocess flow of an integration's draft, and waits for its end."
  input TestIntegrationEndpointConfigInput {
    "The integration's id."
    id: ID
    payload: String
    contentType: String
    "JSON text of an object."
    headers: String
    clientMutationId: String
  }

  type TestIntegrationEndpointConfigResult {
    integration: Integration
    execution: InstanceExecutionResult
    "What the preprocess flow would answer, were it the last to run."
    statusCode: Int
    headers: JSONString
    body: String
  }

  ${payloadOf('TestIntegrationEndpointConfig', 'testIntegrationEndpointConfigResult', 'TestIntegrationEndpointConfigResult')}

  type ValidateIntegrationSchemaFormResult {
    isValid: Boolean
  }

  ${payloadOf('ImportIntegration', 'integration', 'Integration')}
  ${payloadOf('UpdateIntegration', 'integration', 'Integration')}
  ${payloadOf('DeleteIntegration', 'integration', 'Integration')}
  ${payloadOf('PublishIntegration', 'integration', 'Integration')}
  ${payloadOf('UpdateIntegrationVersionAvailability', 'integration', 'Integration')}
  ${payloadOf('UpdateWorkflowTestConfiguration', 'integration', 'Integration')}
  ${payloadOf('ValidateIntegrationSchema', 'result', 'ValidateIntegrationSchemaFormResult')}
`;
