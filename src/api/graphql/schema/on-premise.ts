import { connectionOf, payloadOf } from './base';

/** Services in customers' networks, and the tokens of the agents there. */
export const onPremiseTypes = /* GraphQL */ `
  "A service in a customer's network, or in the organization's own, that runs reach by an agent there."
  type OnPremiseResource {
    id: ID!
    "Null for the organization's own."
    customer: Customer
    name: String!
    "Of the service, as the agent told it; 0 before."
    port: Int!
    status: OnPremiseResourceStatus!
  }

  ${connectionOf('OnPremiseResource')}

  enum OnPremiseResourceStatus {
    "An agent is connected."
    AVAILABLE
    "None ever was."
    PENDING
    UNAVAILABLE
    "Not in use."
    UNKNOWN
  }

  enum RequiredConfigVariableOnPremiseConnectionConfig {
    ALLOWED
    DISALLOWED
    REQUIRED
  }

  type CreateOnPremiseResourceJwtResult {
    jwt: String
  }

  "With \`resourceId\`: the token of that resource once more. Else a new resource: of the customer, or the organization's own."
  input CreateOnPremiseResourceJwtInput {
    customerId: ID
    orgOnly: Boolean
    resourceId: ID
    clientMutationId: String
  }

  "\`customerId\` and \`orgOnly\` are taken from clients that send them; a resource stays whose it is."
  input RotateOnPremiseResourceJwtInput {
    customerId: ID
    orgOnly: Boolean
    resourceId: ID!
    clientMutationId: String
  }

  input DeleteOnPremiseResourceInput {
    id: ID
    clientMutationId: String
  }

  ${payloadOf('CreateOnPremiseResourceJwt', 'result', 'CreateOnPremiseResourceJwtResult')}
  ${payloadOf('RotateOnPremiseResourceJwt', 'result', 'CreateOnPremiseResourceJwtResult')}
  ${payloadOf('DeleteOnPremiseResource', 'onPremiseResource', 'OnPremiseResource')}
`;
