/** Why a provider gave no token. The message is for people, and holds no secret. */
export class TokenFailure extends Error {
  /** `isFinal`: refused for good; the same request would be refused again. */
  constructor(
    reason: string,
    readonly isFinal: boolean,
    /** The provider's error code, such as `invalid_grant`. */
    readonly code?: string,
  ) {
    super(reason);
    this.name = 'TokenFailure';
  }
}
