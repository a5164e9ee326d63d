/** For each of the usual processes so many more may be there while calls go on for long in those. */
const MORE_PER_USUAL = 3;

/** How many processes may be there at most, which bounds their memory, where `usual` of them are the rule. */
export const mostProcesses = (usual: number): number => (1 + MORE_PER_USUAL) * usual;

/**
 * Whether who has `own` processes may have one more while `left` can still be had by all: only who has fewer than
 * that. So nobody takes more than half, and a newcomer finds some left whatever a few others do.
 */
export const mayHaveMore = (own: number, left: number): boolean => own < left;
