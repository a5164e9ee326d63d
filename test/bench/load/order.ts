/** What a delivery carries: 1 KB of JSON, a list of 1,000 numbers, or 5 MB of bytes. */
export type BodyKind = 'small' | 'items' | 'large';

/** The plain workflows, by type. */
export type RawWorkflow = 'noop' | 'threePosts' | 'loopOverItems' | 'largeBody';

/** Where a delivery goes: a webhook, or a workflow to start. */
export type Destination =
  | { kind: 'webhook'; url: string }
  | { kind: 'workflow'; type: RawWorkflow; serviceUrl: string };

/** One load for the load process. */
export interface LoadOrder {
  /** Taken in turn. */
  destinations: Destination[];
  body: BodyKind;
  callers: number;
  /** Deliveries in all. */
  total: number;
  /** No delivery is sent later than this after the first one. */
  sendForMs: number;
  /** A caller sends at most once in this time. */
  paceMs: number;
  /** The caller waits for the flow's answer or the workflow's result, not for the acknowledgement alone. */
  waitsForResult: boolean;
}

/** What came of a load, one entry a delivery in each list. */
export interface LoadReport {
  ids: string[];
  /** Of this machine's clock. */
  sentAtMs: number[];
  /** From sending to the acknowledgement. */
  ackMs: number[];
  /** From sending to the answer or result; NaN where it was not waited for. */
  resultMs: number[];
  /** How often a caller was told to come again later (429, 503). */
  refusals: number;
}

/** Where the load process finds what it sends to. */
export interface LoadSetup {
  temporalAddress: string;
  taskQueue: string;
  mongodbUri: string;
}
