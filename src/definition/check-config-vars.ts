import type { ConnectionManifest, InputManifest } from '../components/manifest';
import { type CheckContext, findComponent } from './check-component';
import { checkInputs, reportUnknownInput } from './check-inputs';
import { checkOnPremise } from './check-on-premise';
import type { Path } from './fault';
import { eachInput, type InputTree, readInput } from './input-tree';
import { ownEntry } from './mapping';
import { didYouMean } from './nearest';
import { parseTemplate } from './parse-template';
import { readSchedule } from './read-schedule';
import type { ConfigVar, Definition } from './schema';

const userOf = ({ key }: ConfigVar): string => ` (config variable "${key}")`;

const isConstant = (tree: InputTree): boolean =>
  tree.type === 'value' || tree.type === 'list' || ('text' in tree && tree.text === '');

/** Checks the fields of a connection: their names, and that each holds text of its own. */
function checkFields(
  configVar: ConfigVar,
  connection: ConnectionManifest,
  path: Path,
  context: CheckContext,
): void {
  const owner = {
    label: `The connection "${connection.key}"${userOf(configVar)}`,
    inputs: connection.inputs,
  };
  const fields = connection.inputs.map((field) => field.key);
  for (const [key, input] of Object.entries(configVar.inputs)) {
    const place = [...path, key];
    const tree = readInput(input, place);
    if (!fields.includes(key)) {
      reportUnknownInput(key, owner, configVar.inputs, place, context);
    } else if (tree.type === 'template') {
      for (const part of parseTemplate(tree.text)) {
        if (part.kind === 'configVar' && fields.includes(part.key)) continue;
        if (part.kind === 'text') continue;
        const name = part.kind === 'configVar' ? part.key : part.path.join('.');
        const message = `The template names "${name}", which is no field of the connection "${configVar.key}"; its text stays as it is.`;
        context.faults.warning('unknown_input', tree.path, message, () => didYouMean(name, fields));
      }
    } else if (![...eachInput(tree)].every(isConstant)) {
      const message = `The field "${key}" of the connection "${configVar.key}" takes its value from elsewhere, which is not looked up; it has none until it is set on the instance.`;
      const hint = 'Use "type: value" or "type: template", or set it on each instance.';
      context.faults.warning('partly_supported', tree.path, message, hint);
    }
  }
}

/** A preset is found by its kind of connection and its name when an instance is deployed, so it may still come. */
function checkTemplate(
  { connection, key }: ConfigVar,
  component: { key: string; isPublic: boolean },
  at: Path,
  { faults, templates }: CheckContext,
): void {
  if (!connection?.template || templates === undefined) return;
  const { template } = connection;
  const names = templates
    .filter((one) => one.connection === connection.key)
    .filter((one) => one.component.key === component.key && one.component.isPublic === component.isPublic)
    .map(({ name }) => name);
  if (names.includes(template)) return;
  const message = `There is no preset "${template}" of the connection "${connection.key}" of "${component.key}" (config variable "${key}"); its fields count as they are given.`;
  const hint = () => (names.length > 0 ? didYouMean(template, names) : 'Create it before a deploy.');
  faults.warning('unknown_connection_template', [...at, 'template'], message, hint);
}

function checkConnection(configVar: ConfigVar, path: Path, context: CheckContext): void {
  const { connection } = configVar;
  if (connection === undefined || configVar.dataType !== 'connection') return;
  const at = [...path, 'connection'];
  const found = findComponent(connection.component, [...at, 'component'], context, userOf(configVar));
  if (found === undefined) return;
  const declared = found.manifest.connections.find((one) => one.key === connection.key);
  if (declared !== undefined) {
    checkFields(configVar, declared, [...path, 'inputs'], context);
    checkTemplate(configVar, found.pin, at, context);
    checkOnPremise(configVar, declared, path, context);
    return;
  }
  const message = `The component "${found.manifest.key}" has no connection "${connection.key}"${userOf(configVar)}.`;
  const known = found.manifest.connections.map((one) => one.key);
  context.faults.error('unknown_connection', [...at, 'key'], message, () =>
    didYouMean(connection.key, known),
  );
}

function checkDataSource(configVar: ConfigVar, path: Path, context: CheckContext): void {
  const { dataSource } = configVar;
  if (dataSource === undefined) return;
  const at = [...path, 'dataSource'];
  const found = findComponent(dataSource.component, [...at, 'component'], context, userOf(configVar));
  if (found === undefined) return;
  const declared = ownEntry(found.manifest.dataSources, dataSource.key);
  if (declared === undefined) {
    const message = `The component "${found.manifest.key}" has no data source "${dataSource.key}"${userOf(configVar)}.`;
    const known = Object.keys(found.manifest.dataSources);
    context.faults.error('unknown_data_source', [...at, 'key'], message, () =>
      didYouMean(dataSource.key, known),
    );
    return;
  }
  const inputs: readonly InputManifest[] = declared.inputs;
  const owner = { label: `The data source "${dataSource.key}"${userOf(configVar)}`, inputs };
  if (configVar.dataType !== 'connection') checkInputs(configVar.inputs, owner, [...path, 'inputs'], context);
}

function checkName(name: string, path: Path, context: CheckContext): void {
  if (context.configVars.has(name)) return;
  const hint = () => didYouMean(name, context.configVars.keys());
  context.faults.error('unknown_config_var', path, `There is no config variable "${name}".`, hint);
}

/** A schedule is made before anything runs, so its template reads config variables only. */
function checkScheduleTemplate(text: string, path: Path, context: CheckContext): void {
  for (const part of parseTemplate(text)) {
    if (part.kind === 'configVar') checkName(part.key, path, context);
    if (part.kind !== 'reference') continue;
    const message = `A schedule cannot read "${part.path.join('.')}": no step has run when it is made.`;
    context.faults.error('wrong_input_type', path, message, 'Use a config variable: {{#Its Key}}.');
  }
}

/** Checks config variables against their components, and the pages and schedules that name config variables. */
export function checkConfigVars(definition: Definition, context: CheckContext): void {
  definition.requiredConfigVars.forEach((configVar, index) => {
    checkConnection(configVar, ['requiredConfigVars', index], context);
    checkDataSource(configVar, ['requiredConfigVars', index], context);
  });
  definition.configPages.forEach(({ elements }, page) => {
    elements.forEach(({ type, value }, index) => {
      if (type !== 'configVar' || context.configVars.has(value)) return;
      const path: Path = ['configPages', page, 'elements', index, 'value'];
      const message = `There is no config variable "${value}", so the page does not show it.`;
      context.faults.warning('unknown_config_var', path, message, () =>
        didYouMean(value, context.configVars.keys()),
      );
    });
  });
  definition.flows.forEach((flow, index) => {
    const given = flow.steps[0]?.schedule;
    const schedule = readSchedule(given);
    const path: Path = ['flows', index, 'steps', 0, 'schedule', 'value'];
    if (schedule.kind === 'template') checkScheduleTemplate(given?.value ?? '', path, context);
    if (schedule.kind !== 'configVar') return;
    checkName(schedule.key, path, context);
    const configVar = context.configVars.get(schedule.key);
    if (configVar === undefined || ['schedule', 'string', 'picklist'].includes(configVar.dataType)) return;
    const message = `The config variable "${schedule.key}" holds no schedule, but a ${configVar.dataType}.`;
    context.faults.error('wrong_input_type', path, message, 'Use one of "dataType: schedule".');
  });
}
