/** Instances: what is sent to change them. */
export const instanceInputs = /* GraphQL */ `
  input InputInstanceConfigVariable {
    key: String!
    value: String
    "A connection's fields, as JSON: a list of name, type and value."
    values: JSONString
    scheduleType: String
    timeZone: String
    "For a connection that allows it: the resource whose agent stands for host and port; null for none."
    onPremiseResourceId: ID
  }

  input InputInstanceFlowConfig {
    flowId: ID!
    apiKeys: [String]
    testPayload: String
    testContentType: String
    testHeaders: JSONString
  }

  "\`integration\` is a version's id; an integration's own id stands for its newest available version."
  input CreateInstanceInput {
    name: String!
    description: String
    integration: ID!
    customer: ID!
    configVariables: [InputInstanceConfigVariable]
    labels: [String]
    stepsPerActivity: Int
    "An instance profile; the one that the definition names, or the default one, if not given."
    profile: ID
    "These two count from the next deploy on, as the profile does."
    logsDisabled: Boolean
    stepResultsDisabled: Boolean
    clientMutationId: String
  }

  "Fields that are left out stay as they are; lists replace the old ones. \`integration\` is a version's id."
  input UpdateInstanceInput {
    id: ID
    name: String
    description: String
    integration: ID
    enabled: Boolean
    labels: [String]
    configVariables: [InputInstanceConfigVariable]
    flowConfigs: [InputInstanceFlowConfig]
    globalDebug: Boolean
    stepsPerActivity: Int
    "An instance profile. It counts from the next deploy on, as the two below."
    profile: ID
    logsDisabled: Boolean
    stepResultsDisabled: Boolean
    "Taken from clients that send it; instances have one way to be configured."
    configMode: String
    clientMutationId: String
  }

  "Changes the variables that are named and leaves all others as they are."
  input UpdateInstanceConfigVariablesInput {
    id: ID
    configVariables: [InputInstanceConfigVariable]
    clientMutationId: String
  }

  input DeployInstanceInput {
    id: ID
    force: Boolean
    clientMutationId: String
  }

  input DeleteInstanceInput {
    id: ID
    "Also when it could not clear away what it set up elsewhere."
    force: Boolean
    clientMutationId: String
  }

  "\`id\` is that of a flow config."
  input TestInstanceFlowConfigInput {
    id: ID
    payload: String
    contentType: String
    "JSON text of an object."
    headers: String
    clientMutationId: String
  }
`;
