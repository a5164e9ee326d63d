import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { eachInput, type InputTree, readInput } from './input-tree';
import { loopKind } from './loop-kind';
import { didYouMean } from './nearest';
import { parseTemplate } from './parse-template';
import type { Definition, Flow, Step } from './schema';
import { splitPath } from './split-path';
import { keyOfStep, triggerKey } from './step-keys';
import { stepSites } from './step-sites';

const LOOP_PARTS = ['currentItem', 'index'];
const BY_FLOW = ['webhookUrls', 'webhookApiKeys'];

/** The paths that an input itself names, without those of inputs within it. */
function pathsOf(input: InputTree): string[][] {
  if (input.type === 'reference') return input.text.trim() === '' ? [] : [splitPath(input.text)];
  if (input.type !== 'template') return [];
  return parseTemplate(input.text).flatMap((part) => (part.kind === 'reference' ? [part.path] : []));
}

/** Goes through a flow in the order of its steps and warns of references to what cannot be there. */
class ReferenceCheck {
  /** Keys of all steps, with whether each is a loop. */
  private readonly known: ReadonlyMap<string, boolean>;
  /** Keys of steps that may have run before the present one. */
  private readonly before = new Set<string>();
  /** Keys of the loops around the present step. */
  private readonly around = new Set<string>();
  private readonly triggerKey: string;

  constructor(
    private readonly flow: Flow,
    index: number,
    /** Names of all flows of the integration. */
    private readonly flows: readonly string[],
    private readonly faults: FaultList,
  ) {
    this.known = new Map(stepSites(flow, index).map(({ key, step }) => [key, loopKind(step) !== undefined]));
    this.triggerKey = triggerKey(flow);
  }

  /** Returns the keys of the steps gone through, which may have run for all that follows. */
  steps(steps: readonly Step[], path: Path): string[] {
    const passed: string[] = [];
    for (const [index, step] of steps.entries()) {
      const inner = this.step(step, [...path, index]);
      for (const key of inner) this.before.add(key);
      passed.push(...inner);
    }
    return passed;
  }

  private step(step: Step, path: Path): string[] {
    const key = keyOfStep(this.flow, step);
    for (const [name, input] of Object.entries(step.inputs)) {
      for (const tree of eachInput(readInput(input, [...path, 'inputs', name]))) {
        for (const reference of pathsOf(tree)) this.reference(reference, tree.path);
      }
    }
    const passed = [key];
    this.before.add(key);
    for (const [index, branch] of (step.branches ?? []).entries()) {
      const inner = this.steps(branch.steps, [...path, 'branches', index, 'steps']);
      // Only one branch is taken: what ran in this one did not when another is taken.
      for (const one of inner) this.before.delete(one);
      passed.push(...inner);
    }
    if (step.steps !== undefined) {
      this.before.delete(key);
      this.around.add(key);
      passed.push(...this.steps(step.steps, [...path, 'steps']));
      this.around.delete(key);
    }
    return passed;
  }

  private reference(path: readonly string[], place: Path): void {
    const [root = '', part] = path;
    const isLoop = this.known.get(root);
    if (isLoop === undefined) this.unknownRoot(root, place);
    else if (part === undefined && (this.before.has(root) || this.around.has(root))) {
      const what = this.around.has(root) ? 'currentItem' : 'results';
      const message = `The reference names "${root}" alone; it gives its ${what}.`;
      this.faults.warning('bare_reference', place, message, `Write "${root}.${what}".`);
    } else if (part !== undefined && !['results', ...LOOP_PARTS].includes(part)) {
      const message = `The reference to "${root}" goes on with "${part}"; it gives nothing.`;
      this.faults.warning('empty_reference', place, message, `Write "${root}.results" and what follows.`);
    } else if (part !== undefined && LOOP_PARTS.includes(part)) {
      if (this.around.has(root) && isLoop) return;
      const message = `"${root}.${part}" is there only inside the loop "${root}"; here it gives nothing.`;
      this.faults.warning(
        'empty_reference',
        place,
        message,
        'Move the step into the loop, or use its results.',
      );
    } else if (!this.before.has(root)) {
      const message = `The step "${root}" cannot have run before this one; the reference gives nothing.`;
      this.faults.warning('late_reference', place, message, 'Refer to an earlier step.');
    } else if (root === this.triggerKey) this.flowName(path, place);
  }

  /** The trigger gives addresses and keys by the names of flows, in which a dot divides the path. */
  private flowName(path: readonly string[], place: Path): void {
    const [, , part = '', name] = path;
    if (!BY_FLOW.includes(part) || name === undefined || this.flows.includes(name)) return;
    const message = `There is no flow "${name}"; the reference gives nothing.`;
    const whole = path.slice(3).join('.');
    const dotted = this.flows.find((one) => one.includes('.') && splitPath(one).join('.') === whole);
    const hint = () =>
      dotted === undefined ? didYouMean(name, this.flows) : `Write ${part}[${JSON.stringify(dotted)}].`;
    this.faults.warning('unknown_reference', place, message, hint);
  }

  private unknownRoot(root: string, place: Path): void {
    const message = `No step of the flow has the key "${root}"; the reference gives nothing.`;
    const hint = () =>
      root === 'trigger'
        ? `The key of the trigger is "${this.triggerKey}".`
        : didYouMean(root, this.known.keys());
    this.faults.warning('unknown_reference', place, message, hint);
  }
}

/**
 * Warns of references to steps that there are not, that come later, or that stand in another branch. These are no
 * errors: a reference to a step that did not run gives nothing.
 */
export function checkReferences(definition: Definition, index: number, faults: FaultList): void {
  const flow = definition.flows[index];
  if (flow === undefined) return;
  const names = definition.flows.map(({ name }) => name);
  new ReferenceCheck(flow, index, names, faults).steps(flow.steps, ['flows', index, 'steps']);
}
