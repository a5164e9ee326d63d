/** Where agents connect to, below the API's origin. */
export const AGENT_PATH = '/on-premise/agent';

/** Settings of every WebSocket here: what passes is compressed or encrypted already. */
export const SOCKET_OPTIONS = { perMessageDeflate: false, handshakeTimeout: 10_000 } as const;
