import type { FinishedStep } from '../engine/walker-host';
import { TRIGGER_PATH } from '../store/models/step-result.model';

/** Largest data of a step: text, bytes and what else it is made of. */
const MOST_DATA_BYTES = 50 * 1024 * 1024;
/** A step's content type and headers, which would be an answer's: no HTTP client takes more. */
const MOST_FIELD_BYTES = 64 * 1024;
/** An error's text, in UTF-8: it is kept in records, logs and lists. */
const MOST_ERROR_BYTES = 8 * 1024;

/** Why a step's result cannot be kept, in words for the flow's author; undefined for one that can. */
export function tooLarge({ value }: FinishedStep, isLoop: boolean): string | undefined {
  const { contentType = '', headers = {} } = value;
  const fields = [contentType, ...Object.entries(headers).flat()];
  if (fields.reduce((bytes, text) => bytes + text.length, 0) > MOST_FIELD_BYTES)
    return 'its content type and headers are larger than 64 KB';
  // What actions give was looked at where they ran; a loop's results come together here.
  if (isLoop && isLargerThan(value.data, MOST_DATA_BYTES))
    return 'it is larger than 50 MB; hand on references to what the iterations gave';
  return undefined;
}

/** Whether a result of so many bytes, as it is stored, is more than the step at that path may leave. */
export function isBeyondLimit(storedBytes: number, path: string): boolean {
  // Parsed JSON may take more than twice the room of its text: a number of four characters takes nine bytes.
  const mostDataBytes = path === TRIGGER_PATH ? 4 * MOST_DATA_BYTES : MOST_DATA_BYTES;
  return storedBytes > mostDataBytes + 2 * MOST_FIELD_BYTES;
}

/** Cuts an error's text at a whole character to 8 KB. */
export function cutError(finished: FinishedStep): void {
  const { error } = finished;
  if (error === null || error.message.length * 3 <= MOST_ERROR_BYTES) return;
  const bytes = Buffer.from(error.message);
  if (bytes.length <= MOST_ERROR_BYTES) return;
  const cut = bytes.toString('utf8', 0, MOST_ERROR_BYTES - 3).replace(/\uFFFD+$/, '');
  finished.error = { ...error, message: `${cut}…` };
}

/** Whether a value's text and bytes are more than that; ends as soon as that is known. */
function isLargerThan(value: unknown, most: number): boolean {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') bytes += next.length;
    else if (next instanceof Uint8Array) bytes += next.length;
    else if (next !== null && typeof next === 'object') {
      for (const part of Object.values(next)) open.push(part);
    }
    bytes += 1;
    if (bytes > most) return true;
  }
  return false;
}
