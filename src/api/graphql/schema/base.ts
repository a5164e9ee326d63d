/** Scalars and shapes that every noun uses. */
export const baseTypes = /* GraphQL */ `
  "A point in time, ISO 8601."
  scalar DateTime

  "A string that holds a JSON document."
  scalar JSONString

  scalar UUID

  enum OrderDirection {
    ASC
    DESC
  }

  "Pages go forward: send \`endCursor\` as the next \`after\`. An empty \`after\` is the start."
  type PageInfo {
    hasNextPage: Boolean!
    endCursor: String
  }

  "A mistake in what was sent. \`field\` is \`__all__\` where no single field is at fault."
  type ErrorType {
    field: String!
    messages: [String!]!
  }
`;

/**
 * The SDL of a paged list of a type: its edge and its connection. The elements are never null, so that one
 * that cannot be read fails the list in the open: clients as `prism` take a null for an object.
 */
export function connectionOf(type: string): string {
  return /* GraphQL */ `
    type ${type}Edge {
      cursor: String!
      node: ${type}!
    }

    type ${type}Connection {
      nodes: [${type}!]!
      edges: [${type}Edge!]!
      pageInfo: PageInfo!
      "All objects that the list's filters let through, over all pages."
      totalCount: Int!
    }
  `;
}

/** The SDL of a mutation's answer: the changed object, null if there are errors, under the given name. */
export function payloadOf(mutation: string, field: string, type: string): string {
  return /* GraphQL */ `
    type ${mutation}Payload {
      ${field}: ${type}
      errors: [ErrorType!]!
      clientMutationId: String
    }
  `;
}
