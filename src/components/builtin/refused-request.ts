/** Thrown by a trigger that refuses a request: the execution fails, and a caller who waits gets that status, 4xx. */
export class RefusedRequest extends Error {
  constructor(
    readonly httpStatus: number,
    message: string,
  ) {
    super(message);
  }
}
