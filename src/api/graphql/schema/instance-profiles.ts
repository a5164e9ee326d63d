import { connectionOf, payloadOf } from './base';

/** Instance profiles: what instances may use, and what is kept of their runs. */
export const instanceProfileTypes = /* GraphQL */ `
  "A named set of settings that many instances share; they count for an instance from its next deploy on."
  type InstanceProfile {
    id: ID!
    "What definitions name in \`defaultInstanceProfile\`."
    name: String!
    description: String
    "Heap limit of the process that runs components, MB."
    allocatedMemoryMb: Int!
    "No log lines of runs are kept."
    logsDisabled: Boolean!
    "No outputs of steps are kept of runs that have ended."
    stepResultsDisabled: Boolean!
    "Kept and without effect: runners are always warm."
    quickStart: Boolean
    quickStartInstances: Int
    "Kept and without effect."
    instanceBillingType: String!
    "It counts for instances that have none of their own."
    isDefaultProfile: Boolean!
    "Those that have it; of the default one also those that have none of their own."
    instances(first: Int, after: String): InstanceConnection!
  }

  ${connectionOf('InstanceProfile')}

  input InstanceProfileOrder {
    field: InstanceProfileOrderField!
    direction: OrderDirection!
  }

  enum InstanceProfileOrderField {
    NAME
    DESCRIPTION
  }

  input CreateInstanceProfileInput {
    "Unique, and stays as it is."
    name: String!
    description: String
    "64 to 10240."
    allocatedMemoryMb: Int!
    logsDisabled: Boolean
    stepResultsDisabled: Boolean
    quickStart: Boolean
    quickStartInstances: Int
    instanceBillingType: String
    "Takes the place of the default profile before."
    isDefaultProfile: Boolean
    clientMutationId: String
  }

  "Fields that are left out stay as they are."
  input UpdateInstanceProfileInput {
    id: ID
    description: String
    allocatedMemoryMb: Int
    logsDisabled: Boolean
    stepResultsDisabled: Boolean
    quickStart: Boolean
    quickStartInstances: Int
    instanceBillingType: String
    isDefaultProfile: Boolean
    clientMutationId: String
  }

  "Refused for the default profile, and while instances have it."
  input DeleteInstanceProfileInput {
    id: ID
    clientMutationId: String
  }

  ${payloadOf('CreateInstanceProfile', 'instanceProfile', 'InstanceProfile')}
  ${payloadOf('UpdateInstanceProfile', 'instanceProfile', 'InstanceProfile')}
  ${payloadOf('DeleteInstanceProfile', 'instanceProfile', 'InstanceProfile')}
`;
