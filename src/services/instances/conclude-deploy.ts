import type { Instance } from '../../store/models/instance.model';
import { areUnchanged } from '../connection-templates/users-of-template';
import type { Deps } from '../context';
import { inTransaction } from '../transaction';
import { isSameProfile } from './choose-profile';
import type { NextRevision } from './switch-revision';

/**
 * Notes that the schedules and flows of a revision are in line with it: the instance counts as deployed, unless its
 * draft or a preset that it names has changed since. Does nothing where a later revision serves. Answers the instance; null when it was deleted.
 */
export function concludeDeploy(
  deps: Deps,
  { revision, instance: before }: NextRevision,
): Promise<Instance | null> {
  const { instances } = deps.store;
  return inTransaction(deps, async (session) => {
    const instance = await instances.findById(before._id, null, { session }).lean<Instance>();
    if (instance?.deployment?.configRevisionId !== revision._id) return instance;
    const isCurrent =
      isSameDraft(before, instance) && (await areUnchanged(deps, revision.templates, session));
    return instances
      .findByIdAndUpdate(
        before._id,
        { $set: { needsDeploy: !isCurrent }, $unset: { 'deployment.firstSync': 1 } },
        { returnDocument: 'after', session },
      )
      .lean<Instance>();
  });
}

/** Sealed values differ each time that they are set. */
const isSameDraft = (a: Instance, b: Instance): boolean =>
  a.versionId === b.versionId &&
  isSameProfile(a, b) &&
  JSON.stringify(a.configVariables) === JSON.stringify(b.configVariables);
