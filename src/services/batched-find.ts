import { groupCommit } from './group-commit';

const MAX_GROUP = 500;

/** Reads by id where many ask at once: those that come while a read is on its way share the next one. */
export function batchedFind<T extends { _id: string }>(
  find: (ids: string[]) => Promise<T[]>,
): (id: string) => Promise<T | undefined> {
  return groupCommit<string, T | undefined>({ maxItems: MAX_GROUP }, async (ids) => {
    const found = await find([...new Set(ids)]);
    const byId = new Map(found.map((one) => [one._id, one]));
    return ids.map((id) => byId.get(id));
  });
}
