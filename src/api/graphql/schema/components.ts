import { connectionOf, payloadOf } from './base';
import { connectionTemplateArgs } from './connection-templates';

/** Components with their actions, triggers, data sources and connections. */
export const componentTypes = /* GraphQL */ `
  "One version of a component."
  type Component {
    id: ID!
    key: String!
    "Components with the same key, one public and one not, are different components."
    public: Boolean!
    label: String!
    "Of a version that cannot be used: why, then the description."
    description: String!
    category: String
    documentationUrl: String
    versionNumber: Int!
    "The newest version that can be used."
    versionIsLatest: Boolean!
    versionCreatedAt: DateTime
    versionCreatedBy: User
    versionComment: String!
    "JSON text: commit hash and the like."
    attributes: JSONString
    "Only a version that is \`READY\` can be used."
    status: ComponentStatus!
    "Why it is not ready; empty text otherwise."
    statusReason: String!
    "Hex SHA-1 of the package, empty text while none was accepted: equal signatures are equal components."
    signature: String!
    "Set for a component of one customer."
    customer: Customer
    iconUrl: String
    "The code of a code-native integration."
    forCodeNativeIntegrations: Boolean!
    "Neither argument: everything that the component offers."
    actions(isTrigger: Boolean, isDataSource: Boolean, key: String, first: Int, after: String): ActionConnection!
    connections(first: Int, after: String): ConnectionConnection!
  }

  ${connectionOf('Component')}

  input ComponentOrder {
    field: ComponentOrderField!
    direction: OrderDirection!
  }

  enum ComponentOrderField {
    CATEGORY
    DESCRIPTION
    LABEL
    VERSION_CREATED_AT
    VERSION_NUMBER
  }

  enum ComponentStatus {
    "Its package has not arrived, or is being checked."
    PENDING
    READY
    "Its package did not arrive, or did not pass the checks."
    REFUSED
  }

  "\`key\`, \`display\` and the other fields of a component's default export; what is not known is kept."
  scalar ComponentDefinitionInput
  "An action as the default export has it, without functions; what is not known is kept."
  scalar ActionDefinitionInput
  "A trigger as the default export has it; what is not known is kept."
  scalar TriggerDefinitionInput
  "A data source as the default export has it; what is not known is kept."
  scalar DataSourceDefinitionInput
  "A connection as the default export has it; what is not known is kept."
  scalar ConnectionDefinitionInput

  input PublishComponentInput {
    definition: ComponentDefinitionInput!
    actions: [ActionDefinitionInput]
    triggers: [TriggerDefinitionInput]
    dataSources: [DataSourceDefinitionInput]
    connections: [ConnectionDefinitionInput]
    comment: String
    "The customer who alone may use it."
    customer: ID
    "JSON text: commit hash and the like."
    attributes: String
    clientMutationId: String
  }

  "The new version, and where to send what belongs to it by PUT; the addresses work for 15 minutes."
  type PublishComponentResult {
    component: Component
    "A zip with \`index.js\` at its root. The answer says whether it was accepted."
    packageUploadUrl: String
    iconUploadUrl: String
    "A zip of the source code, to be kept with the version."
    sourceUploadUrl: String
    "Of the connections that name an icon."
    connectionIconUploadUrls: [ConnectionIconUploadUrl]
    "Of the connections that name a large icon."
    connectionAvatarIconUploadUrls: [ConnectionIconUploadUrl]
  }

  type ConnectionIconUploadUrl {
    connectionKey: String
    iconUploadUrl: String
  }

  "One version. Refused while published integrations run it, unless \`force\` is true."
  input DeleteComponentInput {
    id: ID
    force: Boolean
    clientMutationId: String
  }

  ${payloadOf('PublishComponent', 'publishResult', 'PublishComponentResult')}
  ${payloadOf('DeleteComponent', 'component', 'Component')}

  "Where to send a picture by PUT, and the address under which it is found then."
  type UploadMedia {
    uploadUrl: String
    objectUrl: String
    error: String
  }

  enum MediaType {
    ATTACHMENT
    AVATAR
  }

  "What a step can do, what can start a flow, or what offers values for a config variable."
  type Action {
    id: ID!
    key: String!
    label: String!
    description: String!
    isTrigger: Boolean!
    isDataSource: Boolean!
    isPollingTrigger: Boolean
    scheduleSupport: ActionSupport
    synchronousResponseSupport: ActionSupport
    dataSourceType: String
    detailDataSource: Action
    allowsBranching: Boolean!
    staticBranchNames: [String!]
    terminateExecution: Boolean!
    breakLoop: Boolean
    component: Component
    inputs(first: Int, after: String): InputFieldConnection!
  }

  ${connectionOf('Action')}

  enum ActionSupport {
    INVALID
    REQUIRED
    VALID
  }

  "A kind of connection that a component knows."
  type Connection {
    id: ID!
    key: String!
    label: String!
    comments: String
    oauth2Type: String
    component: Component!
    inputs(first: Int, after: String): InputFieldConnection!
    "Its presets, by name."
    templates(${connectionTemplateArgs}): ConnectionTemplateConnection!
  }

  ${connectionOf('Connection')}

  type InputField {
    key: String!
    label: String!
    "In capitals: \`STRING\`, \`PASSWORD\`, \`CODE\` …"
    type: String!
    "\`VALUELIST\` or \`KEYVALUELIST\`."
    collection: String
    required: Boolean!
    "Text as it is, anything else as JSON."
    default: String
    comments: String
    placeholder: String
    example: String
    language: String
    "Of connections: an on-premise agent may stand for the value."
    onPremiseControlled: Boolean!
    shown: Boolean!
    "The choices, as JSON: a list of label and value."
    model: JSONString
  }

  ${connectionOf('InputField')}
`;
