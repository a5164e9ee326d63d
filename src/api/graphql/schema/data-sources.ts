import { payloadOf } from './base';

/** Data sources: what is offered while an instance is configured. */
export const dataSourceTypes = /* GraphQL */ `
  "\`type\` as in a definition: value, configVar, template, complex; a complex value is a list as JSON text."
  input InputExpression {
    name: String!
    type: String
    value: String
    meta: String
  }

  "\`id\` is the instance; its draft configuration counts."
  input FetchDataSourceContentInput {
    id: ID
    dataSource: ID
    inputs: [InputExpression]
    clientMutationId: String
  }

  type FetchDataSourceContentResult {
    "What the data source gave, by its \`dataSourceType\`."
    content: JSONString
    dataSource: Action
    instance: Instance
  }

  ${payloadOf('FetchDataSourceContent', 'fetchDataSourceContentResult', 'FetchDataSourceContentResult')}
`;
