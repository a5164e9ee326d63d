/** A package that cannot be accepted; its message is for the publisher. */
export class PackageError extends Error {
  readonly isPackageError = true;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PackageError';
  }
}
