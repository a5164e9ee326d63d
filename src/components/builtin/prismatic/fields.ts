/** What the actions ask of each kind of object. */
export const USER = 'id name email externalId';
export const CUSTOMER = 'id name description externalId labels createdAt updatedAt';
export const FLOW = 'id name description stableKey';
export const COMPONENT = 'id key label description public versionNumber signature';
export const INTEGRATION = 'id name description category labels versionNumber';
export const INSTANCE = `id name description labels enabled needsDeploy deployedVersion lastDeployedAt createdAt
  updatedAt customer { id name externalId } integration { id name versionNumber }`;
export const EXECUTION = 'id status startedAt endedAt error invokeType flow { id name } instance { id name }';
export const ERRORS = 'errors { field messages }';
