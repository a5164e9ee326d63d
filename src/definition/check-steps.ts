import type { ActionManifest, ComponentManifest, TriggerManifest } from '../components/manifest';
import { checkBody } from './check-body';
import { type CheckContext, findComponent } from './check-component';
import { checkConfigVarNames, checkInputs, checkRequired } from './check-inputs';
import { checkTriggerModes } from './check-trigger-modes';
import { readInput } from './input-tree';
import { ownEntry } from './mapping';
import { didYouMean } from './nearest';
import type { Flow } from './schema';
import { type StepSite, stepSites } from './step-sites';

/** A step with what its component declares of it. */
export interface ResolvedStep extends StepSite {
  manifest: ComponentManifest;
  declared: ActionManifest | TriggerManifest;
}

function reportUnknown(site: StepSite, manifest: ComponentManifest, context: CheckContext): void {
  const { isTrigger, action } = site.step;
  const noun = isTrigger ? 'trigger' : 'action';
  const table: Record<string, ActionManifest> = isTrigger ? manifest.triggers : manifest.actions;
  const other: Record<string, ActionManifest> = isTrigger ? manifest.actions : manifest.triggers;
  const hint = () => {
    if (!Object.hasOwn(other, action.key)) return didYouMean(action.key, Object.keys(table));
    return isTrigger
      ? 'There is an action of that name.'
      : 'There is a trigger of that name; it can only come first.';
  };
  const message = `The component "${manifest.key}" has no ${noun} "${action.key}".`;
  context.faults.error(`unknown_${noun}`, [...site.path, 'action', 'key'], message, hint);
}

/** What the component declares of a step's action or trigger. */
export function declaredFor(
  site: StepSite,
  manifest: ComponentManifest,
): ActionManifest | TriggerManifest | undefined {
  const { isTrigger, action } = site.step;
  return isTrigger ? ownEntry(manifest.triggers, action.key) : ownEntry(manifest.actions, action.key);
}

function resolve(site: StepSite, context: CheckContext): ResolvedStep | undefined {
  const found = findComponent(site.step.action.component, [...site.path, 'action', 'component'], context);
  if (found === undefined) return undefined;
  const { manifest } = found;
  const declared = declaredFor(site, manifest);
  // A step in the wrong place for a trigger, or for an action, is reported as such already.
  if (declared === undefined && site.isTrigger === site.step.isTrigger)
    reportUnknown(site, manifest, context);
  return declared === undefined ? undefined : { ...site, manifest, declared };
}

function checkStep(step: ResolvedStep, flow: Flow, isSynchronous: boolean, context: CheckContext): void {
  const noun = step.isTrigger ? 'trigger' : 'action';
  const owner = {
    label: `The ${noun} "${step.declared.key}" of "${step.manifest.key}"`,
    inputs: step.declared.inputs,
  };
  const path = [...step.path, 'inputs'];
  checkInputs(step.step.inputs, owner, path, context);
  checkRequired(step.step.inputs, owner, path, context);
  if (step.isTrigger) checkTriggerModes(step, flow, isSynchronous, context.faults);
  checkBody(step, context.faults);
}

/** Checks the steps of a flow against the components that they name; returns those that were found. */
export function checkSteps(
  flow: Flow,
  index: number,
  isSynchronous: boolean,
  context: CheckContext,
): ResolvedStep[] {
  const resolved: ResolvedStep[] = [];
  for (const site of stepSites(flow, index)) {
    const step = resolve(site, context);
    if (step !== undefined) {
      checkStep(step, flow, isSynchronous, context);
      resolved.push(step);
      continue;
    }
    // Which inputs there are is not known here, but which config variables there are is.
    for (const [key, input] of Object.entries(site.step.inputs)) {
      checkConfigVarNames(readInput(input, [...site.path, 'inputs', key]), context);
    }
  }
  return resolved;
}
