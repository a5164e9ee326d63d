/** Stands in no name of a pool: those are ids. */
const SEPARATOR = '\u0001';
const MEMORY = new RegExp(`${SEPARATOR}(\\d+)`);

/** The pool of processes that have another heap limit than the usual one, MB, for calls of another pool. */
export const memoryPool = (pool: string, memoryMb: number): string => `${pool}${SEPARATOR}${memoryMb}`;

/** The heap limit of a pool's processes, MB; undefined for the usual one. */
export function memoryOfPool(pool: string): number | undefined {
  const given = MEMORY.exec(pool)?.[1];
  return given === undefined ? undefined : Number(given);
}
