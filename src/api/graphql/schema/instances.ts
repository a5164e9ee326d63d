import { connectionOf, payloadOf } from './base';

/** Instances with their config variables and flow configs: what can be read of them. */
export const instanceTypes = /* GraphQL */ `
  "A version of an integration, set up for a customer."
  type Instance {
    id: ID!
    name: String!
    description: String!
    labels: [String!]
    "Null for the test instance of an integration."
    customer: Customer
    "The chosen version; the draft for the test instance."
    integration: Integration!
    isSystem: Boolean!
    "Whether its triggers fire."
    enabled: Boolean!
    "Whether something was changed that takes effect at the next deploy only."
    needsDeploy: Boolean!
    "Number of the version that runs; null before the first deploy."
    deployedVersion: Int
    lastDeployedAt: DateTime
    configState: InstanceConfigState
    "Always one page."
    configVariables(status: String, status_In: [String]): InstanceConfigVariableConnection!
    flowConfigs(first: Int, after: String): InstanceFlowConfigConnection!
    "The end users who have values of their own."
    userLevelConfigs(first: Int, after: String, user_ExternalId: String): UserLevelConfigConnection!
    globalDebug: Boolean!
    "Most actions that share one Temporal activity; null for no limit."
    stepsPerActivity: Int
    "Its own, else the organization's default one; null to users of a customer."
    profile: InstanceProfile
    "It keeps no log lines of its runs, whatever its profile says."
    logsDisabled: Boolean!
    "It keeps no outputs of steps of runs that have ended, whatever its profile says."
    stepResultsDisabled: Boolean!
    createdAt: DateTime!
    updatedAt: DateTime!
    executionResults(
      first: Int
      after: String
      flowConfig_Flow: ID
      isTestExecution: Boolean
      status: ExecutionStatus
      "Polls that found nothing are listed only when they are asked for."
      resultType_In: [String]
      startedAt_Gte: DateTime
      error_Isnull: Boolean
    ): InstanceExecutionResultConnection!
    "Newest first unless \`orderBy\` says otherwise."
    logs(
      first: Int
      after: String
      message_Icontains: String
      severity: Int
      orderBy: LogOrder
    ): LogConnection!
  }

  ${connectionOf('Instance')}

  input InstanceOrder {
    field: InstanceOrderField!
    direction: OrderDirection!
  }

  enum InstanceOrderField {
    NAME
    DESCRIPTION
    CREATED_AT
    UPDATED_AT
  }

  enum InstanceConfigState {
    FULLY_CONFIGURED
    NEEDS_INSTANCE_CONFIGURATION
    "It can be deployed, but no end user has values of their own yet."
    NEEDS_USER_LEVEL_CONFIGURATION
  }

  type InstanceConfigVariable {
    id: ID!
    requiredConfigVariable: RequiredConfigVariable!
    "As it was set; null where it was not, and for connections."
    value: String
    "A connection's fields; secret ones are shown masked."
    inputs: ExpressionConnection
    status: InstanceConfigVariableStatus
    "Why a connection is not active; null when it is."
    statusReason: String
    "Where a person grants access to an OAuth connection, for a day; null where there is nothing to grant."
    authorizeUrl: String
    "When the token of an OAuth connection is refreshed next."
    refreshAt: DateTime
    lastSuccessfulRefreshAt: DateTime
    "Whose agent stands for host and port of a connection; null for none."
    onPremiseResource: OnPremiseResource
    meta: JSONString
  }

  ${connectionOf('InstanceConfigVariable')}

  "What the integration asks for."
  type RequiredConfigVariable {
    id: ID!
    key: String!
    "In capitals: \`STRING\`, \`PICKLIST\`, \`CONNECTION\` …"
    dataType: String!
    defaultValue: String
    description: String
    "Whether an on-premise agent may, or must, stand for host and port of a connection."
    onPremiseConnectionConfig: RequiredConfigVariableOnPremiseConnectionConfig!
    "The preset that gives values for its fields; null for none, and to users of a customer."
    connectionTemplate: ConnectionTemplate
  }

  enum InstanceConfigVariableStatus {
    ACTIVE
    ERROR
    FAILED
    PENDING
  }

  type Expression {
    name: String!
    value: String!
  }

  type ExpressionConnection {
    nodes: [Expression!]!
  }

  "A flow of an instance."
  type InstanceFlowConfig {
    id: ID!
    flow: IntegrationFlow!
    instance: Instance!
    "Stays the same over versions."
    webhookUrl: String!
    apiKeys: [String]
    testPayload: String
    testContentType: String
    testHeaders: JSONString
  }

  ${connectionOf('InstanceFlowConfig')}

  ${payloadOf('CreateInstance', 'instance', 'Instance')}
  ${payloadOf('UpdateInstance', 'instance', 'Instance')}
  ${payloadOf('UpdateInstanceConfigVariables', 'instance', 'Instance')}
  ${payloadOf('DeployInstance', 'instance', 'Instance')}
  ${payloadOf('DeleteInstance', 'instance', 'Instance')}
  ${payloadOf('TestInstanceFlowConfig', 'testInstanceFlowConfigResult', 'TestInstanceFlowConfigResult')}

  type TestInstanceFlowConfigResult {
    flowConfig: InstanceFlowConfig
    execution: InstanceExecutionResult
  }
`;
