/** A newer segment of the same execution is at work, or the execution was deleted: this one must stop. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

export const newerSegment = () => new FencedError('A newer segment of this execution is at work.');
