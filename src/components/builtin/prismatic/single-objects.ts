import { apiAction, textInput } from './api-action';
import { CUSTOMER, EXECUTION, INSTANCE, INTEGRATION, USER } from './fields';

export const getCurrentUser = apiAction(
  'Get Current User',
  'Gives the user whose token the connection holds.',
  {},
  () => ({ query: `query { authenticatedUser { ${USER} } }`, variables: {} }),
);

/** An action that gives one object by its id. */
const getting = (kind: string, key: string, inputLabel: string, field: string, fields: string) =>
  apiAction(
    `Get ${kind}`,
    `Gives one ${kind.toLowerCase()}.`,
    { [key]: textInput(inputLabel, `Id of the ${kind.toLowerCase()}.`, true) },
    (values) => ({
      query: `query ${field}($id: ID!) { ${field}(id: $id) { ${fields} } }`,
      variables: { id: values[key] },
    }),
  );

export const getCustomer = getting('Customer', 'customerId', 'Customer', 'customer', CUSTOMER);
export const getExecution = getting('Execution', 'executionId', 'Execution Id', 'executionResult', EXECUTION);
export const getInstance = getting('Instance', 'instanceId', 'Instance Id', 'instance', INSTANCE);
export const getIntegration = getting(
  'Integration',
  'integrationId',
  'Integration Id',
  'integration',
  INTEGRATION,
);
