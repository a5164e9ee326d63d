import type { ErrorCode, FieldFault } from '../../../errors';
import type { DeskRequests } from './desk-requests';

/** One question to the thread; the next one follows behind its reply. */
export interface ThreadRequest {
  kind: keyof DeskRequests;
  request: DeskRequests[keyof DeskRequests];
}

export type ThreadReply =
  | { answer: unknown }
  | { refusal: { code: ErrorCode; message: string; faults: FieldFault[] } }
  /** Of an error that nobody expected: its stack. */
  | { failure: string };
