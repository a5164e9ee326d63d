/** What a finished step left. */
export interface StepValue {
  data?: unknown;
  contentType?: string;
  statusCode?: number;
  headers?: Record<string, string>;
  /** A polling trigger found nothing new. */
  polledNoChanges?: boolean;
  /** The step failed; what follows sees no data. */
  failed?: boolean;
  error?: { code: string; message: string };
}

/** A step as references and code steps see it. */
export interface StepView {
  results?: unknown;
  currentItem?: unknown;
  index?: number;
}
