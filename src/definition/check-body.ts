import type { ActionManifest } from '../components/manifest';
import { branchNames } from './branch-names';
import type { FaultList } from './fault-list';
import { loopKind } from './loop-kind';
import { didYouMean } from './nearest';
import type { StepSite } from './step-sites';

type Site = StepSite & { declared: ActionManifest };

const ELSE = 'Else';

function checkLoop(site: Site, label: string, faults: FaultList): void {
  const { step, path } = site;
  const isLoop = loopKind(step) !== undefined;
  // Editors write both lists for every step; an empty one says nothing.
  if (!isLoop && (step.steps ?? []).length > 0) {
    const message = `${label} is no loop, so it has no "steps".`;
    const hint = 'Move the steps behind it, or use an action of the component "loop".';
    faults.error('steps_not_allowed', [...path, 'steps'], message, hint, { at: 'key' });
  }
  if (isLoop && (step.steps ?? []).length === 0) {
    faults.warning('empty_loop', path, 'The loop has no steps.', 'Put the steps to repeat under "steps".');
  }
  if (site.declared.breakLoop === true && !site.isInLoop) {
    const hint = 'Move it into the steps of a loop.';
    faults.warning('break_outside_loop', path, `${label} ends a loop, but is in none.`, hint);
  }
}

/** Compares the branches that a step has with those that its inputs, or its component, can choose. */
function checkBranchNames(site: Site, label: string, faults: FaultList): void {
  const { step, path, declared } = site;
  const chosen = branchNames(step.inputs, [...path, 'inputs'], declared);
  if (chosen === undefined) return;
  const branches = (step.branches ?? []).map((branch) => branch.name);
  for (const { name, path: place } of chosen) {
    if (name === ELSE || branches.includes(name)) continue;
    const message = `There is no branch "${name}", so nothing runs when it is chosen.`;
    faults.warning('missing_branch', place, message, () => didYouMean(name, branches));
  }
  const names = chosen.map((entry) => entry.name);
  for (const [index, name] of branches.entries()) {
    if (name === ELSE || names.includes(name)) continue;
    const message = `${label} never chooses the branch "${name}".`;
    faults.warning('unreachable_branch', [...path, 'branches', index, 'name'], message, () =>
      didYouMean(name, names),
    );
  }
}

function checkBranches(site: Site, label: string, faults: FaultList): void {
  const { step, path, declared } = site;
  const hasBranches = (step.branches ?? []).length > 0;
  if (hasBranches && declared.allowsBranching !== true) {
    const message = `${label} does not say that it branches; a branch runs only if its result names one.`;
    const hint = 'Move the steps behind it, or use an action that branches.';
    faults.warning('branches_not_allowed', [...path, 'branches'], message, hint, { at: 'key' });
  } else if (!hasBranches && declared.allowsBranching === true && !site.isTrigger) {
    const message = `${label} has no branches, so nothing runs whatever it chooses.`;
    faults.warning('missing_branches', path, message, 'List every branch under "branches".');
  } else if (hasBranches) {
    checkBranchNames(site, label, faults);
  }
}

/** Checks the branches or the loop body of a step against what its component declares. */
export function checkBody(site: Site, faults: FaultList): void {
  const { component, key } = site.step.action;
  const label = `"${component.key}.${key}"`;
  checkLoop(site, label, faults);
  checkBranches(site, label, faults);
}
