import { connectionOf, payloadOf } from './base';

/** Connections that are set up once and that many instances use, and customers' values of them. */
export const sharedConnectionTypes = /* GraphQL */ `
  "A connection that definitions name by its stable key, and that is set up once for many instances."
  type ScopedConfigVariable {
    id: ID!
    "Its name."
    key: String!
    "What definitions name in \`useScopedConfigVar\`."
    stableKey: String!
    description: String
    "Who sets the values."
    managedBy: ScopedConfigVariableManagedBy!
    "For whom one set of values is."
    variableScope: ScopedConfigVariableVariableScope!
    "Always null: none belongs to one customer alone."
    customer: Customer
    "The kind of connection; null where its component is not to be seen."
    connection: Connection
    "What is set, or counts without it; secret ones are shown masked."
    inputs: ExpressionConnection
    "Null where each customer has values: their own status counts."
    status: InstanceConfigVariableStatus
    "Why it is not active; null when it is."
    statusReason: String
    "Where a person grants access to an OAuth connection, for a day; null where there is nothing to grant."
    authorizeUrl: String
    refreshAt: DateTime
    lastSuccessfulRefreshAt: DateTime
    customerConfigVariables(first: Int, after: String, customer: ID): CustomerConfigVariableConnection!
  }

  ${connectionOf('ScopedConfigVariable')}

  enum ScopedConfigVariableManagedBy {
    CUSTOMER
    ORG
    SYSTEM
  }

  enum ScopedConfigVariableVariableScope {
    CUSTOMER
    ORG
  }

  "One customer's values of a shared connection."
  type CustomerConfigVariable {
    id: ID!
    customer: Customer
    scopedConfigVariable: ScopedConfigVariable!
    inputs: ExpressionConnection
    status: InstanceConfigVariableStatus
    statusReason: String
    authorizeUrl: String
    refreshAt: DateTime
    lastSuccessfulRefreshAt: DateTime
  }

  ${connectionOf('CustomerConfigVariable')}

  input ComponentSelector {
    key: String!
    isPublic: Boolean!
    "Taken from clients that send it; any version fits."
    version: String
  }

  "\`managedBy\`: org (if not given), customer or system; \`variableScope\`: org or customer."
  input CreateScopedConfigVariableInput {
    key: String!
    stableKey: String!
    description: String
    connection: ID!
    managedBy: String
    variableScope: String!
    inputs: [InputExpression]
    clientMutationId: String
  }

  "Fields that are left out stay as they are, those of the connection too; an empty value falls back."
  input UpdateScopedConfigVariableInput {
    id: ID
    key: String
    description: String
    "The same kind of connection in another version of its component."
    connection: ID
    inputs: [InputExpression]
    clientMutationId: String
  }

  "Refused while deployed instances use it."
  input DeleteScopedConfigVariableInput {
    id: ID
    clientMutationId: String
  }

  "A user of a customer may leave \`customer\` out."
  input CreateCustomerConfigVariableInput {
    scopedConfigVariable: ID!
    customer: ID
    inputs: [InputExpression]
    clientMutationId: String
  }

  "Fields of the connection that are left out stay as they are; an empty value falls back."
  input UpdateCustomerConfigVariableInput {
    id: ID
    inputs: [InputExpression]
    clientMutationId: String
  }

  "Refused while deployed instances of the customer use it."
  input DeleteCustomerConfigVariableInput {
    id: ID
    clientMutationId: String
  }

  ${payloadOf('CreateScopedConfigVariable', 'scopedConfigVariable', 'ScopedConfigVariable')}
  ${payloadOf('UpdateScopedConfigVariable', 'scopedConfigVariable', 'ScopedConfigVariable')}
  ${payloadOf('DeleteScopedConfigVariable', 'scopedConfigVariable', 'ScopedConfigVariable')}
  ${payloadOf('CreateCustomerConfigVariable', 'customerConfigVariable', 'CustomerConfigVariable')}
  ${payloadOf('UpdateCustomerConfigVariable', 'customerConfigVariable', 'CustomerConfigVariable')}
  ${payloadOf('DeleteCustomerConfigVariable', 'customerConfigVariable', 'CustomerConfigVariable')}
`;
