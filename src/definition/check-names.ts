import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { LIMITS } from './limits';
import type { Definition, Flow } from './schema';
import { stepKey } from './step-key';
import { type StepSite, stepSites } from './step-sites';

interface Named {
  name: string;
  path: Path;
}

interface Rule {
  code: string;
  /** Something else takes its place, so the definition can be used; otherwise an error. */
  severity?: 'warning';
  message: (name: string) => string;
  hint: string;
}

/** Reports each name that stands a second time, at the second place. */
function checkUnique(entries: readonly Named[], rule: Rule, faults: FaultList): void {
  const first = new Map<string, Path>();
  for (const { name, path } of entries) {
    const before = first.get(name);
    if (before === undefined) first.set(name, path);
    else {
      const hint = () => `${rule.hint} The first is on line ${faults.lineOf(before)}.`;
      faults[rule.severity ?? 'error'](rule.code, path, rule.message(name), hint);
    }
  }
}

/** Names stand in every record and log line of a run, and in what Temporal shows. */
function checkLength({ name, path }: Named, what: string, faults: FaultList): void {
  const most = LIMITS.nameCharacters;
  if (name.length <= most) return;
  const message = `The ${what} has ${name.length} characters, more than ${most}.`;
  faults.error('long_name', path, message, 'Shorten it; the description has room for more.');
}

/** Reports empty and overlong names and returns those that are there. */
function withName(
  entries: readonly Named[],
  what: string,
  faults: FaultList,
  severity: 'error' | 'warning' = 'error',
): Named[] {
  return entries.filter(({ name, path }) => {
    checkLength({ name, path }, `${what}’s name`, faults);
    if (name.trim() !== '') return true;
    faults[severity]('empty_name', path, `The ${what} has no name.`, 'Give it one.');
    return false;
  });
}

const FLOW: Rule = {
  code: 'duplicate_flow',
  message: (name) => `A second flow is named "${name}".`,
  hint: 'Flow names are unique in the integration; rename one.',
};

const CONFIG_VAR: Rule = {
  code: 'duplicate_config_var',
  message: (name) => `A second config variable has the key "${name}".`,
  hint: 'Keys are unique in the integration; rename one.',
};

const STABLE_KEY: Rule = {
  code: 'duplicate_stable_key',
  message: (name) => `A second one has the stable key "${name}" (its name where it gives none).`,
  hint: 'Give each a stable key of its own.',
};

const BRANCH: Rule = {
  code: 'duplicate_branch',
  severity: 'warning',
  message: (name) => `A second branch is named "${name}"; it never runs.`,
  hint: 'Branch names are unique in their step; rename one.',
};

/** Says which steps have another key than their name gives: one that no reference in the file can mean. */
function checkStepKeys(sites: readonly StepSite[], faults: FaultList): void {
  const first = new Map<string, Path>();
  for (const { step, key, path } of sites) {
    const place = [...path, 'name'];
    const own = stepKey(step.name);
    const before = first.get(own);
    if (own === '') {
      const what = step.name.trim() === '' ? 'The step has no name' : 'The name gives no key for references';
      const hint = 'References need at least one of the characters a–z, A–Z, 0–9 in the name.';
      faults.warning('empty_step_key', place, `${what}; its result is kept under "${key}".`, hint);
    } else if (before === undefined) first.set(own, place);
    else {
      const message = `A second step of the flow has the key "${own}"; this one is kept under "${key}", and references to "${own}" mean the first.`;
      const hint = () => `Rename one. The first is on line ${faults.lineOf(before)}.`;
      faults.warning('duplicate_step_key', place, message, hint);
    }
  }
}

function checkSteps(flow: Flow, index: number, faults: FaultList): void {
  const sites = stepSites(flow, index);
  for (const { step, path } of sites) {
    checkLength({ name: step.name, path: [...path, 'name'] }, 'step’s name', faults);
    const branches = (step.branches ?? []).map((branch, position) => ({
      name: branch.name,
      path: [...path, 'branches', position, 'name'],
    }));
    checkUnique(withName(branches, 'branch', faults, 'warning'), BRANCH, faults);
  }
  checkStepKeys(sites, faults);
}

/** Checks that everything which others refer to has a name, and no two of them the same. */
export function checkNames(definition: Definition, faults: FaultList): void {
  withName([{ name: definition.name, path: ['name'] }], 'integration', faults);
  const flows = definition.flows.map(({ name }, index) => ({ name, path: ['flows', index, 'name'] }));
  checkUnique(withName(flows, 'flow', faults), FLOW, faults);
  const variables = definition.requiredConfigVars.map(({ key }, index) => ({
    name: key,
    path: ['requiredConfigVars', index, 'key'],
  }));
  checkUnique(withName(variables, 'config variable', faults), CONFIG_VAR, faults);
  // Those with the same name are reported already; only explicit stable keys can clash beyond that.
  const stable = (entries: { stableKey?: string | undefined }[], names: Named[], list: string) => {
    entries.forEach(({ stableKey: name = '' }, index) => {
      checkLength({ name, path: [list, index, 'stableKey'] }, 'stable key', faults);
    });
    // The SDK writes an empty stable key for a connection without one.
    const isClash = entries.some(({ stableKey }) => Boolean(stableKey));
    if (!isClash) return;
    const keys = entries.map(({ stableKey }, index) => ({
      name: stableKey || (names[index]?.name ?? ''),
      path: [list, index, stableKey ? 'stableKey' : list === 'flows' ? 'name' : 'key'],
    }));
    checkUnique(keys, STABLE_KEY, faults);
  };
  stable(definition.flows, flows, 'flows');
  stable(definition.requiredConfigVars, variables, 'requiredConfigVars');
  definition.flows.forEach((flow, index) => {
    checkSteps(flow, index, faults);
  });
}
