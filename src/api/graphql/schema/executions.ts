import { connectionOf } from './base';

/** Executions, what their steps left behind, and their logs. */
export const executionTypes = /* GraphQL */ `
  "One run of a flow. The three URLs need no token and stop working after a few minutes: ask again then."
  type InstanceExecutionResult {
    id: ID!
    status: ExecutionStatus!
    "Null while it runs."
    resultType: InstanceExecutionResultResultType
    error: String
    invokeType: InstanceExecutionResultInvokeType
    isTestExecution: Boolean!
    "When it began; when it was accepted as long as it has not begun."
    startedAt: DateTime!
    endedAt: DateTime
    "When it began to wait in its flow's queue; null for a run that never did."
    queuedAt: DateTime
    "0 for a first run, 1 for the first one after it failed."
    retryCount: Int
    "As many runs after the first as the flow allows; null until a run of it failed."
    maxRetryCount: Int
    "The first run, which this one tries again."
    retryForExecution: InstanceExecutionResult
    "When the next run is due that tries this one again; null when none waits."
    retryNextAt: DateTime
    "The id of its request, by which a newer request takes its place."
    retryUniqueRequestId: String
    "The runs that tried this one again, newest first."
    retryAttempts(first: Int, after: String): InstanceExecutionResultConnection!
    "Who called it, where a flow did."
    lineage: InstanceExecutionLineage!
    isLre: Boolean!
    instanceType: InstanceType
    "The run that took its place: a newer request with its id, or the one of which it is a duplicate."
    canceledByExecution: InstanceExecutionResult
    stepCount: Int
    "Heap limit of the process that runs its components, MB."
    allocatedMemoryMb: Int
    flow: IntegrationFlow
    flowConfig: InstanceFlowConfig
    instance: Instance
    integration: Integration
    "JSON: \`body\` in base64, \`contentType\`, \`headers\`."
    requestPayloadUrl: String!
    "As \`requestPayloadUrl\`, with \`statusCode\`; not found where no flow gave an answer."
    responsePayloadUrl: String!
    "Oldest first unless \`orderBy\` says otherwise."
    logs(
      first: Int
      after: String
      message_Icontains: String
      severity: Int
      orderBy: LogOrder
    ): LogConnection!
    "In the order of finishing unless \`orderBy\` says otherwise. \`last\` counts from the end of that order. With \`fromPreprocessFlow\` those of the flow that sent the delivery here."
    stepResults(
      first: Int
      last: Int
      after: String
      displayStepName: String
      fromPreprocessFlow: Boolean
      orderBy: InstanceStepResultOrder
    ): InstanceStepResultConnection!
  }

  ${connectionOf('InstanceExecutionResult')}

  type InstanceExecutionLineage {
    invokedBy: InstanceExecutionFrame
  }

  "The step of a run that called another run."
  type InstanceExecutionFrame {
    execution: InstanceExecutionResult
    stepName: String
    loopPath: String
  }

  enum InstanceType {
    INTEGRATION
    WORKFLOW
  }

  enum ExecutionStatus {
    ERROR
    PENDING
    QUEUED
    SUCCESS
  }

  enum InstanceExecutionResultResultType {
    CANCELED_AS_DUPLICATE
    COMPLETED
    ERROR
    POLLED_NO_CHANGES
  }

  enum InstanceExecutionResultInvokeType {
    AI_AGENT
    CROSS_FLOW
    DEPLOY_FLOW
    INTEGRATION_ENDPOINT_TEST
    INTEGRATION_FLOW_TEST
    SCHEDULED
    TEAR_DOWN_FLOW
    WEBHOOK
    WEBHOOK_SNAPSHOT
  }

  type InstanceStepResult {
    id: ID!
    "The step's key, which references name."
    stepName: String
    "The step's name."
    displayStepName: String
    startedAt: DateTime!
    endedAt: DateTime
    hasError: Boolean!
    error: String
    "Name of the branch that was taken."
    branchName: String
    isLoopStep: Boolean!
    "It is a step of the flow that decided where the delivery goes."
    fromPreprocessFlow: Boolean!
    "It is the trigger."
    isRootResult: Boolean!
    "Which round of which loop, outer first: \`outer:3,inner:0\`."
    loopPath: String
    "The key of the innermost loop around it, and the round of that loop, from 0."
    loopStepName: String
    loopStepIndex: Int
    "Component and action: \`http.httpGet\`."
    componentActionKey: String
    executionResult: InstanceExecutionResult!
    instance: Instance
    "MessagePack of \`data\` and \`contentType\`."
    resultsUrl: String!
  }

  ${connectionOf('InstanceStepResult')}

  input InstanceStepResultOrder {
    field: InstanceStepResultOrderField!
    direction: OrderDirection!
  }

  enum InstanceStepResultOrderField {
    ENDED_AT
    STARTED_AT
  }

  "A named part of a run's log. No run has any yet."
  type ExecutionSection {
    sectionId: UUID
    label: String!
  }

  type ExecutionSectionConnection {
    nodes: [ExecutionSection!]!
  }

  input ExecutionSectionOrder {
    field: ExecutionSectionOrderField!
    direction: OrderDirection!
  }

  enum ExecutionSectionOrderField {
    STARTED_AT
  }

  "A line of an execution's log."
  type Log {
    id: ID!
    timestamp: DateTime!
    severity: LogSeverityLevel!
    message: String!
    stepName: String
    flowName: String
    logType: LogType
    "Null: the line belongs to no section."
    sectionId: UUID
    instance: Instance
    instanceId: ID
    instanceName: String
    instanceType: InstanceType
    customer: Customer
    customerName: String
    executionResult: InstanceExecutionResult
    executionResultId: ID
    isTestExecution: Boolean
    fromPreprocessFlow: Boolean
    flow: IntegrationFlow
    flowConfig: InstanceFlowConfig
    integration: Integration
    integrationName: String
  }

  ${connectionOf('Log')}

  input LogOrder {
    field: LogOrderField!
    direction: OrderDirection!
  }

  enum LogOrderField {
    TIMESTAMP
  }

  enum LogType {
    CONNECTION
    DATA_SOURCE
    EXECUTION
    MANAGEMENT
  }

  enum LogSeverityLevel {
    DEBUG
    ERROR
    FATAL
    INFO
    METRIC
    TRACE
    WARN
  }

  "A severity with the number that filters take."
  type LogSeverity {
    id: Int
    name: String
  }
`;
