/** Executions that share one workflow at most: their ids fit a search attribute. */
export const MOST_MEMBERS = 50;
