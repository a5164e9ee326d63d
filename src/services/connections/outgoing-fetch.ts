/** Sends the requests to OAuth providers; their addresses come from tenants. */
export const outgoingFetch: typeof fetch = (input, init) => fetch(input, init);
