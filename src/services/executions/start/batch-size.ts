/** Executions that share one workflow at most: their ids fit a search attribute. */
export const MOST_MEMBERS = 50;
/** A batch that has less room for others is not worth the question who goes along with it. */
export const LEAST_ROOM = 5;
