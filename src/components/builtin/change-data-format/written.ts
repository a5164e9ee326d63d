/** Text in a format, as a step's result. */
export interface Written {
  data: string;
  contentType: string;
}

/** Turns a value into text of a format. Throws when the format cannot hold the value. */
export type Writer = (value: unknown) => Written;
