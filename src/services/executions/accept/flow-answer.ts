import type { OpenBlob } from '../../../store/blob-read';

/** An HTTP answer that a flow gave. */
export interface FlowAnswer {
  statusCode: number;
  contentType: string;
  headers: Record<string, string>;
  /** Null for the default body, which names the execution. */
  body: Buffer | null;
}

/** An answer on its way to the caller: a large body comes from the blob store as the caller takes it. */
export type SentAnswer = Omit<FlowAnswer, 'body'> & { body: Buffer | OpenBlob | null };

/** Whether a status ends an exchange; others, as 101, only announce something. Source: RFC 9110, section 15. */
export const isFinalStatus = (statusCode: number): boolean =>
  Number.isInteger(statusCode) && statusCode >= 200 && statusCode <= 599;

/** What a caller gets when the flow says nothing: 200 with the execution's id. */
export const DEFAULT_ANSWER: FlowAnswer = { statusCode: 200, contentType: '', headers: {}, body: null };
