/** An answer of the GraphQL door. */
export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  body: {
    // What a query gives back is known by the test that wrote it.
    data?: Data | null;
    errors?: {
      message: string;
      path?: (string | number)[];
      extensions: { code: string; requestId: string };
    }[];
  };
}

/** Any JSON, for reading by path. */
export type Data = { [key: string]: Data } & Data[];

export type GraphqlClient = (query: string, variables?: Record<string, unknown>) => Promise<GraphqlAnswer>;

/** Asks a server as the bearer of a token; null sends no `Authorization` header. */
export function graphqlClient(server: { apiUrl: string }, token: string | null): GraphqlClient {
  return (query, variables) => postGraphql(server, { query, variables }, token && `Bearer ${token}`);
}

/** Sends any body with any `Authorization` header. */
export async function postGraphql(
  { apiUrl }: { apiUrl: string },
  body: unknown,
  authorization?: string | null,
): Promise<GraphqlAnswer> {
  const response = await fetch(`${apiUrl}/api`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as GraphqlAnswer['body'] };
}
