import type { InputManifest } from '../components/manifest';
import type { CheckContext } from './check-component';
import type { Path } from './fault';
import { eachInput, type InputTree, readInput } from './input-tree';
import { didYouMean, nearest } from './nearest';
import { parseTemplate } from './parse-template';
import type { Input } from './schema';

/** Whose inputs are checked, for messages. */
export interface InputOwner {
  /** E.g. `The action "httpGet" of "http"`. */
  label: string;
  inputs: readonly InputManifest[];
}

function checkConfigVarName(name: string, path: Path, context: CheckContext, isPlaceholder: boolean): void {
  if (name === '' || context.configVars.has(name)) return;
  const hint = () => didYouMean(name, context.configVars.keys());
  const message = `There is no config variable "${name}"${isPlaceholder ? '; it gives empty text' : ''}.`;
  // Texts of other template languages have such marks too, so they do not make a definition unusable.
  if (isPlaceholder) context.faults.warning('unknown_config_var', path, message, hint);
  else context.faults.error('unknown_config_var', path, message, hint);
}

/** Reports an input that its owner does not declare: an error where it looks like one mistyped. */
export function reportUnknownInput(
  key: string,
  owner: InputOwner,
  inputs: Record<string, Input>,
  path: Path,
  context: CheckContext,
): void {
  const known = owner.inputs.map((input) => input.key);
  const isMistyped = nearest(key, known).some((near) => !Object.hasOwn(inputs, near));
  const message = `${owner.label} has no input "${key}"`;
  const hint = () => didYouMean(key, known);
  if (isMistyped) context.faults.error('unknown_input', path, `${message}.`, hint, { at: 'key' });
  else
    context.faults.warning('unknown_input', path, `${message}; it is passed on as it is.`, hint, {
      at: 'key',
    });
}

/** Reports config variables that an input names, also in templates, and that do not exist. */
export function checkConfigVarNames(tree: InputTree, context: CheckContext): void {
  for (const input of eachInput(tree)) {
    if (input.type === 'configVar') checkConfigVarName(input.text, input.path, context, false);
    if (input.type !== 'template') continue;
    for (const part of parseTemplate(input.text)) {
      if (part.kind === 'configVar') checkConfigVarName(part.key, input.path, context, true);
    }
  }
}

const isUnset = (tree: InputTree): boolean => 'text' in tree && tree.text === '';

const hasDefault = (input: InputManifest): boolean =>
  input.default !== undefined && input.default !== null && input.default !== '';

/**
 * Warns of inputs that the component asks for and that have neither a value nor a default: the step fails when it
 * runs. Editors also write inputs that are still to be filled in, and a newer version of a component may ask for an
 * input that files did not need before.
 */
export function checkRequired(
  inputs: Record<string, Input>,
  owner: InputOwner,
  path: Path,
  context: CheckContext,
): void {
  for (const declared of owner.inputs) {
    if (declared.required !== true || hasDefault(declared)) continue;
    const given = Object.hasOwn(inputs, declared.key) ? inputs[declared.key] : undefined;
    const place = given === undefined ? path : [...path, declared.key];
    if (given !== undefined && !isUnset(readInput(given, place))) continue;
    const message = `${owner.label} needs the input "${declared.key}" (${declared.label}).`;
    const hint = `Give "${declared.key}" a value.`;
    context.faults.warning('missing_input', place, message, hint, { at: 'key' });
  }
}

function checkConnection(tree: InputTree, declared: InputManifest, context: CheckContext): void {
  if (tree.type !== 'configVar') {
    if (isUnset(tree) || ['reference', 'dataSource', 'scopedConfigVar'].includes(tree.type)) return;
    const message = `The input "${declared.key}" is a connection, which a config variable holds.`;
    const hint = 'Write "type: configVar" with the key of a connection.';
    context.faults.error('wrong_input_type', tree.path, message, hint);
    return;
  }
  const configVar = context.configVars.get(tree.text);
  if (configVar === undefined || ['connection', 'credential'].includes(configVar.dataType)) return;
  const message = `The input "${declared.key}" is a connection; the config variable "${tree.text}" is none.`;
  const connections = [...context.configVars.values()].filter((one) => one.dataType === 'connection');
  const hint = () =>
    didYouMean(
      tree.text,
      connections.map((one) => one.key),
    );
  context.faults.error('wrong_input_type', tree.path, message, hint);
}

function checkConditions(tree: InputTree, declared: InputManifest, context: CheckContext): void {
  if (tree.type !== 'list') return;
  for (const { value } of tree.items) {
    if (value.type === 'expression') continue;
    if (value.type === 'list' && value.items.length === 0) {
      const message = `A condition of "${declared.key}" is empty; the step fails when it comes to it.`;
      const hint = 'Write a list that begins with an operator, e.g. [and, …].';
      context.faults.warning('empty_condition', value.path, message, hint);
      continue;
    }
    const message = `The input "${declared.key}" is made of conditions; this is none.`;
    const hint = 'Write "type: complex" and a list that begins with an operator, e.g. [and, …].';
    context.faults.error('wrong_input_type', value.path, message, hint);
  }
}

function checkPairs(tree: InputTree, context: CheckContext): void {
  if (tree.type !== 'list') return;
  for (const { name, value } of tree.items) {
    if ((name !== undefined && !(name.type === 'value' && name.text === '')) || isUnset(value)) continue;
    const message = 'The entry has a value but no name, so it is left out.';
    context.faults.warning('empty_pair_name', value.path, message, 'Give it a "name".');
  }
}

/** Checks the inputs given to an action, trigger, data source or connection against what it declares. */
export function checkInputs(
  inputs: Record<string, Input>,
  owner: InputOwner,
  path: Path,
  context: CheckContext,
): void {
  const declared = new Map(owner.inputs.map((input) => [input.key, input]));
  for (const [key, input] of Object.entries(inputs)) {
    const place = [...path, key];
    const tree = readInput(input, place);
    checkConfigVarNames(tree, context);
    const known = declared.get(key);
    if (known === undefined) reportUnknownInput(key, owner, inputs, place, context);
    else if (known.type === 'connection') checkConnection(tree, known, context);
    else if (known.type === 'conditional') checkConditions(tree, known, context);
    else if (known.collection === 'keyvaluelist') checkPairs(tree, context);
  }
}
