import { connectionOf, payloadOf } from './base';

/** Users, their organization, and the customers. */
export const peopleTypes = /* GraphQL */ `
  type User {
    id: ID!
    name: String!
    email: String!
    externalId: String
    phone: String!
    role: Role!
    "The organization's id: each organization is a tenant of its own."
    tenantId: String!
    org: Organization
    "Set for a user of a customer, who sees that customer's objects only."
    customer: Customer
    createdAt: DateTime!
  }

  type Role {
    id: ID!
    name: String!
    description: String!
  }

  type Organization {
    id: ID!
    name: String!
    avatarUrl: String
    createdAt: DateTime!
    "Whether the caller may add presets of connections."
    allowAddConnectionTemplate: Boolean!
  }

  type Customer {
    id: ID!
    name: String!
    description: String!
    "The customer's id in the organization's own system; unique where it is set."
    externalId: String
    labels: [String!]
    createdAt: DateTime!
    updatedAt: DateTime!
    instances(first: Int, after: String, integration: ID, name_Icontains: String): InstanceConnection!
  }

  ${connectionOf('Customer')}

  input CustomerOrder {
    field: CustomerOrderField!
    direction: OrderDirection!
  }

  enum CustomerOrderField {
    NAME
    DESCRIPTION
    CREATED_AT
    UPDATED_AT
  }

  input CreateCustomerInput {
    name: String!
    description: String
    externalId: String
    labels: [String]
    clientMutationId: String
  }

  "Fields that are left out stay as they are; labels replace the old set."
  input UpdateCustomerInput {
    id: ID
    name: String
    description: String
    externalId: String
    labels: [String]
    clientMutationId: String
  }

  input DeleteCustomerInput {
    id: ID
    "Also when an instance could not clear away what it set up elsewhere."
    force: Boolean
    clientMutationId: String
  }

  ${payloadOf('CreateCustomer', 'customer', 'Customer')}
  ${payloadOf('UpdateCustomer', 'customer', 'Customer')}
  ${payloadOf('DeleteCustomer', 'customer', 'Customer')}
`;
