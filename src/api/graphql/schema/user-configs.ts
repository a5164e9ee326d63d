import { connectionOf, payloadOf } from './base';

/** What end users have set for themselves on an instance. */
export const userConfigTypes = /* GraphQL */ `
  "The values of an end user on an instance, for the pages that each user fills in."
  type UserLevelConfig {
    id: ID!
    instance: Instance!
    "The user's id in the organization's own system; unique on the instance."
    externalId: String!
    name: String!
    email: String!
    "Always one page."
    configVariables(status: String, status_In: [String]): UserLevelConfigVariableConnection!
    createdAt: DateTime!
    updatedAt: DateTime!
  }

  ${connectionOf('UserLevelConfig')}

  type UserLevelConfigVariable {
    id: ID!
    requiredConfigVariable: RequiredConfigVariable!
    "As it was set; null where it was not, and for connections."
    value: String
    "A connection's fields; secret ones are shown masked."
    inputs: ExpressionConnection
    status: UserLevelConfigVariableStatus
    "Why a connection is not active; null when it is."
    statusReason: String
    "Where the user grants access to an OAuth connection, for a day; null where there is nothing to grant."
    authorizeUrl: String
    "When the token of an OAuth connection is refreshed next."
    refreshAt: DateTime
    lastSuccessfulRefreshAt: DateTime
    "Always null: an agent is chosen on the instance."
    onPremiseResource: OnPremiseResource
    meta: JSONString
  }

  ${connectionOf('UserLevelConfigVariable')}

  enum UserLevelConfigVariableStatus {
    ACTIVE
    ERROR
    FAILED
    PENDING
  }

  "Values count at once, without a deploy."
  input CreateUserLevelConfigInput {
    instance: ID!
    externalId: String!
    name: String
    email: String
    configVariables: [InputInstanceConfigVariable]
    clientMutationId: String
  }

  "Fields that are left out stay as they are; config variables replace the old set."
  input UpdateUserLevelConfigInput {
    id: ID
    name: String
    email: String
    configVariables: [InputInstanceConfigVariable]
    clientMutationId: String
  }

  input DeleteUserLevelConfigInput {
    id: ID
    "Also when a flow could not clear away what it set up elsewhere."
    force: Boolean
    clientMutationId: String
  }

  ${payloadOf('CreateUserLevelConfig', 'userLevelConfig', 'UserLevelConfig')}
  ${payloadOf('UpdateUserLevelConfig', 'userLevelConfig', 'UserLevelConfig')}
  ${payloadOf('DeleteUserLevelConfig', 'userLevelConfig', 'UserLevelConfig')}
`;
