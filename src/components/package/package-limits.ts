/** What a package may hold when it is unpacked; its own size is checked while it arrives. */
export interface PackageLimits {
  /** Files and folders together. */
  entries: number;
  /** Of all files, unpacked. */
  expandedBytes: number;
  /** Characters of one entry's path. */
  pathLength: number;
}

/**
 * Far above what the SDK's builds make (a dozen files, a few megabytes) and far below what would trouble a
 * machine that unpacks two packages at once.
 */
export const PACKAGE_LIMITS: PackageLimits = {
  entries: 5000,
  expandedBytes: 256 * 1024 * 1024,
  pathLength: 512,
};
