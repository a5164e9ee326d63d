import { Schema } from 'mongoose';

/** What started an execution, as it arrived. Bodies up to 64 KB are inline, larger ones are blobs. */
export interface StoredRequest {
  method: string;
  /** Path behind the flow's id, without the leading slash. */
  pathFragment: string;
  query: string;
  url: string;
  /** In order and letter case of the sender. */
  headers: [name: string, value: string][];
  contentType: string;
  body: Buffer | null;
  bodyBlobId: string | null;
  bodyBytes: number;
}

/** An HTTP answer that the flow gave. */
export interface StoredAnswer {
  statusCode: number;
  contentType: string;
  headers: Record<string, string>;
  body: Buffer | null;
  bodyBlobId: string | null;
}

/** Of an execution's request. */
export const requestSchema = new Schema<StoredRequest>(
  {
    method: String,
    pathFragment: { type: String, default: '' },
    query: { type: String, default: '' },
    url: { type: String, default: '' },
    headers: { type: [[String]], default: [] },
    contentType: { type: String, default: '' },
    body: { type: Buffer, default: null },
    bodyBlobId: { type: String, default: null },
    bodyBytes: { type: Number, default: 0 },
  },
  { _id: false, minimize: false },
);

/** Of its answer. */
export const answerSchema = new Schema<StoredAnswer>(
  {
    statusCode: Number,
    contentType: String,
    headers: { type: Schema.Types.Mixed, default: {} },
    body: { type: Buffer, default: null },
    bodyBlobId: { type: String, default: null },
  },
  { _id: false, minimize: false },
);
