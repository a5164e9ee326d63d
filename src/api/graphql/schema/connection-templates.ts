import { connectionOf, payloadOf } from './base';

/** Presets of connections, by the name that definitions and this API have for them. */
export const connectionTemplateTypes = /* GraphQL */ `
  "A preset: values for fields of a kind of connection, which definitions name as \`template\`."
  type ConnectionTemplate {
    id: ID!
    "Unique for its kind of connection."
    name: String!
    "The kind of connection; null where its component is not to be seen."
    connection: Connection
    "The fields that it has values for."
    inputFieldTemplates(first: Int, after: String): InputFieldTemplateConnection!
    templatedInputKeys: [String!]!
    "Whether deployed instances have its values; it keeps its name then, and is not deleted."
    hasDeployedInstances: Boolean!
    "The deployed instances that have its values, which may be those before its last change."
    instances(first: Int, after: String): InstanceConnection!
    allowUpdate: Boolean!
    allowRemove: Boolean!
  }

  ${connectionOf('ConnectionTemplate')}

  "The value that a preset has for a field."
  type InputFieldTemplate {
    id: ID!
    connectionTemplate: ConnectionTemplate!
    "Null where the component is not to be seen, or has the field no longer."
    inputField: InputField
    "Secret ones are shown masked."
    value: String
    allowUpdate: Boolean!
    allowRemove: Boolean!
  }

  ${connectionOf('InputFieldTemplate')}

  input ConnectionTemplateOrder {
    field: ConnectionTemplateOrderField!
    direction: OrderDirection!
  }

  enum ConnectionTemplateOrderField {
    NAME
  }

  input ConnectionTemplateField {
    key: String!
    value: String!
  }

  input CreateConnectionTemplateInput {
    connection: ID!
    name: String!
    presets: [ConnectionTemplateField]!
    clientMutationId: String
  }

  "Fields of the connection that are left out stay as they are; an empty value takes one out."
  input UpdateConnectionTemplateInput {
    id: ID
    "Another version of the same kind."
    connection: ID
    name: String
    presets: [ConnectionTemplateField]
    clientMutationId: String
  }

  "Refused while deployed instances have its values."
  input DeleteConnectionTemplateInput {
    id: ID
    clientMutationId: String
  }

  ${payloadOf('CreateConnectionTemplate', 'connectionTemplate', 'ConnectionTemplate')}
  ${payloadOf('UpdateConnectionTemplate', 'connectionTemplate', 'ConnectionTemplate')}
  ${payloadOf('DeleteConnectionTemplate', 'connectionTemplate', 'ConnectionTemplate')}
`;

/** Arguments of lists of presets. */
export const connectionTemplateArgs = /* GraphQL */ `
  first: Int
  after: String
  connectionId: ID
  name_Icontains: String
  orderBy: ConnectionTemplateOrder
  "In the place of \`orderBy\`; the first one counts."
  sortBy: [ConnectionTemplateOrder]
`;
