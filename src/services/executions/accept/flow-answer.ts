/** An HTTP answer that a flow gave. */
export interface FlowAnswer {
  statusCode: number;
  contentType: string;
  headers: Record<string, string>;
  /** Null for the default body, which names the execution. */
  body: Buffer | null;
}

/** What a caller gets when the flow says nothing: 200 with the execution's id. */
export const DEFAULT_ANSWER: FlowAnswer = { statusCode: 200, contentType: '', headers: {}, body: null };
