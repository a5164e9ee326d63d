/** Stands in no name of a pool: those are ids. */
const SEPARATOR = '\0';

/** The pool of processes that run one bundle of another pool, and nothing else. */
export const bundlePool = (pool: string, bundlePath: string): string => `${pool}${SEPARATOR}${bundlePath}`;

/** Whether a pool is one of {@link bundlePool}. */
export const isBundlePool = (pool: string): boolean => pool.includes(SEPARATOR);
