import { describedArgs } from '../described-args';
import { connectionTemplateArgs } from './connection-templates';

/** Everything that can be asked for. A field stands here only if it is served. */
export const rootTypes = /* GraphQL */ `
  schema {
    query: RootQuery
    mutation: RootMutation
  }

  type RootQuery {
    authenticatedUser: User!
    organization: Organization

    customer(id: ID!): Customer
    customers(
      first: Int
      after: String
      isSystem: Boolean
      externalId: String
      externalId_Isnull: Boolean
      name_Istartswith: String
      ${describedArgs('CustomerOrder')}
    ): CustomerConnection!

    component(id: ID!): Component
    "The newest usable version of each key unless \`allVersions\` or \`versionNumber\` is given."
    components(
      first: Int
      after: String
      key: String
      public: Boolean
      versionNumber: Int
      allVersions: Boolean
      "Also the code of code-native integrations, each under a key of its own."
      includeComponentsForCodeNativeIntegrations: Boolean
      "JSON: \`[\\"or\\", [\\"in\\", \\"key\\", text], [\\"in\\", \\"label\\", text]]\`."
      filterQuery: JSONString
      orderBy: ComponentOrder
    ): ComponentConnection!
    "Takes pictures of up to 2 MB, of any object of the caller's."
    uploadMedia(objectId: ID!, fileName: String!, mediaType: MediaType!): UploadMedia!

    "By the id of an integration, or of a published version."
    integration(id: ID!): Integration
    "Drafts; published versions too with \`allVersions\`, always by name. \`customer_Isnull\`: the organization's own."
    integrations(
      first: Int
      after: String
      allVersions: Boolean
      customer: ID
      customer_Isnull: Boolean
      category: String
      category_Icontains: String
      isCodeNative: Boolean
      ${describedArgs('IntegrationOrder')}
    ): IntegrationConnection!

    instance(id: ID!): Instance
    "Without test instances unless \`isSystem\` is true."
    instances(
      first: Int
      after: String
      id_In: [ID]
      customer: ID
      customer_ExternalId: String
      integration: ID
      isSystem: Boolean
      enabled: Boolean
      needsDeploy: Boolean
      globalDebug: Boolean
      ${describedArgs('InstanceOrder')}
    ): InstanceConnection!

    connectionTemplate(id: ID!): ConnectionTemplate
    "Presets of connections, by name."
    connectionTemplates(${connectionTemplateArgs}): ConnectionTemplateConnection!

    instanceProfile(id: ID!): InstanceProfile
    "By name unless \`orderBy\` says otherwise; the default one is always among them."
    instanceProfiles(
      first: Int
      after: String
      name: String
      name_Icontains: String
      description: String
      description_Icontains: String
      isDefaultProfile: Boolean
      orderBy: InstanceProfileOrder
      "In place of \`orderBy\`: several, the first one before the others."
      sortBy: [InstanceProfileOrder]
    ): InstanceProfileConnection!

    scopedConfigVariable(id: ID!): ScopedConfigVariable
    "Connections that many instances use, by name. Values of filters may be in any letter case."
    scopedConfigVariables(
      first: Int
      after: String
      key_Icontains: String
      stableKey: String
      stableKey_In: [String]
      managedBy: String
      managedBy_In: [String]
      variableScope: String
      variableScope_In: [String]
      connection_Component_In: [ComponentSelector]
    ): ScopedConfigVariableConnection!
    customerConfigVariable(id: ID!): CustomerConfigVariable
    "Customers' values of such connections."
    customerConfigVariables(
      first: Int
      after: String
      customer: ID
      scopedConfigVariable: ID
      scopedConfigVariable_StableKey: String
    ): CustomerConfigVariableConnection!

    onPremiseResource(id: ID!): OnPremiseResource
    "Services that runs reach by agents, by name. \`customer_Isnull\`: the organization's own."
    onPremiseResources(
      first: Int
      after: String
      customer: ID
      customer_Isnull: Boolean
      name: String
      name_Icontains: String
      status: String
    ): OnPremiseResourceConnection!

    executionResult(id: ID!): InstanceExecutionResult
    "Newest first."
    executionResults(
      first: Int
      after: String
      instance: ID
      instance_Customer: ID
      integration: ID
      flowConfig_Flow: ID
      isTestExecution: Boolean
      status: ExecutionStatus
      "Polls that found nothing are listed only when they are asked for."
      resultType_In: [String]
      startedAt_Gte: DateTime
      error_Isnull: Boolean
    ): InstanceExecutionResultConnection!
    executionSections(
      executionResult: ID
      sectionId_In: [UUID]
      orderBy: ExecutionSectionOrder
    ): ExecutionSectionConnection!

    "Newest first, those of one execution oldest first, unless \`orderBy\` says otherwise. \`severity\` is a number of \`logSeverityLevels\`."
    logs(
      first: Int
      after: String
      executionResult: ID
      instance: ID
      message_Icontains: String
      severity: Int
      timestamp_Gte: DateTime
      timestamp_Lte: DateTime
      orderBy: LogOrder
    ): LogConnection!
    logSeverityLevels: [LogSeverity!]!
  }

  "Mistakes come back in \`errors\` of the answer, with the changed object null."
  type RootMutation {
    createCustomer(input: CreateCustomerInput!): CreateCustomerPayload
    updateCustomer(input: UpdateCustomerInput!): UpdateCustomerPayload
    deleteCustomer(input: DeleteCustomerInput!): DeleteCustomerPayload

    publishComponent(input: PublishComponentInput!): PublishComponentPayload
    deleteComponent(input: DeleteComponentInput!): DeleteComponentPayload

    importIntegration(input: ImportIntegrationInput!): ImportIntegrationPayload
    updateIntegration(input: UpdateIntegrationInput!): UpdateIntegrationPayload
    deleteIntegration(input: DeleteIntegrationInput!): DeleteIntegrationPayload
    publishIntegration(input: PublishIntegrationInput!): PublishIntegrationPayload
    updateIntegrationVersionAvailability(
      input: UpdateIntegrationVersionAvailabilityInput!
    ): UpdateIntegrationVersionAvailabilityPayload
    "For clients that listen to the test addresses of an integration; refuses those who may not."
    updateWorkflowTestConfiguration(
      input: UpdateWorkflowTestConfigurationInput!
    ): UpdateWorkflowTestConfigurationPayload
    validateIntegrationSchema(input: ValidateIntegrationSchemaInput!): ValidateIntegrationSchemaPayload

    createInstance(input: CreateInstanceInput!): CreateInstancePayload
    updateInstance(input: UpdateInstanceInput!): UpdateInstancePayload
    updateInstanceConfigVariables(
      input: UpdateInstanceConfigVariablesInput!
    ): UpdateInstanceConfigVariablesPayload
    fetchDataSourceContent(input: FetchDataSourceContentInput!): FetchDataSourceContentPayload
    deployInstance(input: DeployInstanceInput!): DeployInstancePayload
    deleteInstance(input: DeleteInstanceInput!): DeleteInstancePayload
    createInstanceProfile(input: CreateInstanceProfileInput!): CreateInstanceProfilePayload
    updateInstanceProfile(input: UpdateInstanceProfileInput!): UpdateInstanceProfilePayload
    deleteInstanceProfile(input: DeleteInstanceProfileInput!): DeleteInstanceProfilePayload
    createUserLevelConfig(input: CreateUserLevelConfigInput!): CreateUserLevelConfigPayload
    updateUserLevelConfig(input: UpdateUserLevelConfigInput!): UpdateUserLevelConfigPayload
    deleteUserLevelConfig(input: DeleteUserLevelConfigInput!): DeleteUserLevelConfigPayload
    createConnectionTemplate(input: CreateConnectionTemplateInput!): CreateConnectionTemplatePayload
    updateConnectionTemplate(input: UpdateConnectionTemplateInput!): UpdateConnectionTemplatePayload
    deleteConnectionTemplate(input: DeleteConnectionTemplateInput!): DeleteConnectionTemplatePayload
    createScopedConfigVariable(input: CreateScopedConfigVariableInput!): CreateScopedConfigVariablePayload
    updateScopedConfigVariable(input: UpdateScopedConfigVariableInput!): UpdateScopedConfigVariablePayload
    deleteScopedConfigVariable(input: DeleteScopedConfigVariableInput!): DeleteScopedConfigVariablePayload
    createCustomerConfigVariable(
      input: CreateCustomerConfigVariableInput!
    ): CreateCustomerConfigVariablePayload
    updateCustomerConfigVariable(
      input: UpdateCustomerConfigVariableInput!
    ): UpdateCustomerConfigVariablePayload
    deleteCustomerConfigVariable(
      input: DeleteCustomerConfigVariableInput!
    ): DeleteCustomerConfigVariablePayload
    createOnPremiseResourceJWT(input: CreateOnPremiseResourceJwtInput!): CreateOnPremiseResourceJwtPayload
    rotateOnPremiseResourceJWT(input: RotateOnPremiseResourceJwtInput!): RotateOnPremiseResourceJwtPayload
    "Cuts its agent off."
    deleteOnPremiseResource(input: DeleteOnPremiseResourceInput!): DeleteOnPremiseResourcePayload
    testIntegrationFlow(input: TestIntegrationFlowInput!): TestIntegrationFlowPayload
    testIntegrationEndpointConfig(
      input: TestIntegrationEndpointConfigInput!
    ): TestIntegrationEndpointConfigPayload
    testInstanceFlowConfig(input: TestInstanceFlowConfigInput!): TestInstanceFlowConfigPayload
  }
`;
