import { connectionOf } from './base';

/** Components with their actions, triggers, data sources and connections. */
export const componentTypes = /* GraphQL */ `
  "One version of a component."
  type Component {
    id: ID!
    key: String!
    "Components with the same key, one public and one not, are different components."
    public: Boolean!
    label: String!
    description: String!
    category: String
    documentationUrl: String
    versionNumber: Int!
    versionIsLatest: Boolean!
    versionCreatedAt: DateTime
    "Hash of what was published: equal signatures are equal components."
    signature: String!
    "Set for a component of one customer."
    customer: Customer
    "Neither argument: everything that the component offers."
    actions(isTrigger: Boolean, isDataSource: Boolean, key: String, first: Int, after: String): ActionConnection!
    connections(first: Int, after: String): ConnectionConnection!
  }

  ${connectionOf('Component')}

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
    shown: Boolean!
    "The choices, as JSON: a list of label and value."
    model: JSONString
  }

  ${connectionOf('InputField')}
`;
