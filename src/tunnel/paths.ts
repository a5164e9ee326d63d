import { MOST_FRAME_BYTES } from './frames';

/** Where agents connect to, below the API's origin. */
export const AGENT_PATH = '/on-premise/agent';

/** What is spoken, by the name that both sides of a WebSocket must give. Another number for another meaning of frames. */
export const SUBPROTOCOL = 'tenon-tunnel.1';

/**
 * Settings of every WebSocket here. What passes is compressed or encrypted already. Frames are short: one in many
 * fragments would only take memory.
 */
export const SOCKET_OPTIONS = {
  perMessageDeflate: false,
  handshakeTimeout: 10_000,
  maxPayload: MOST_FRAME_BYTES,
  maxFragments: 16,
} as const;
