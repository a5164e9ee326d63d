import { z } from 'zod';
import type { ActionManifest } from '../../components/manifest';
import { compileInput, defaultInput } from '../../definition/compile-input';
import { readInput } from '../../definition/input-tree';
import type { PlanInput } from '../../engine/plan';
import { invalidField, notFound } from '../../errors';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Instance } from '../../store/models/instance.model';
import { requireWriter } from '../authorize';
import { getComponent } from '../components/get-component';
import type { Deps, RequestContext } from '../context';
import { findInstance } from '../instances/find-instance';
import { parseInput } from '../parse-input';
import { callDataSource } from './call-data-source';

export const fetchDataSourceContentInput = z.object({
  instanceId: z.string(),
  componentId: z.string(),
  key: z.string(),
  inputs: z
    .array(z.object({ name: z.string(), type: z.string().nullish(), value: z.string().nullish() }))
    .nullish(),
});

/** What a data source was asked, with its answer as JSON text. */
export interface DataSourceContent {
  content: string;
  component: ComponentVersion;
  dataSource: ActionManifest;
  instance: Instance;
}

/**
 * What a component's data source gives for an instance as it is configured now, with inputs as in a definition. For
 * users of the organization only: the inputs may name any config variable, and may be code.
 * Throws `forbidden`, `not_found`, `invalid_input` with every fault, `component_failed`.
 */
export async function fetchDataSourceContent(
  deps: Deps,
  ctx: RequestContext,
  raw: z.input<typeof fetchDataSourceContentInput>,
): Promise<DataSourceContent> {
  const { instanceId, componentId, key, inputs } = parseInput(fetchDataSourceContentInput, raw);
  const instance = await findInstance(deps, ctx, instanceId);
  // Whoever chooses component and inputs reads all that the instance is configured with, secrets too.
  requireWriter(ctx);
  const component = await getComponent(deps, ctx, { id: componentId });
  const sources = component.manifest.dataSources ?? {};
  const dataSource = Object.hasOwn(sources, key) ? sources[key] : undefined;
  if (dataSource === undefined) throw notFound(`The data source "${key}" of "${component.key}"`);
  const { isPublic, versionNumber: version, signature } = component;
  const content = await callDataSource(deps, instance, {
    component: { key: component.key, isPublic, version, signature },
    key,
    ...(dataSource.dataSourceType !== undefined && { dataSourceType: dataSource.dataSourceType }),
    inputs: compileAll(dataSource, inputs ?? []),
  });
  return { content, component, dataSource, instance };
}

function compileAll(
  { inputs }: ActionManifest,
  given: { name: string; type?: string | null | undefined; value?: string | null | undefined }[],
): Record<string, PlanInput> {
  const unknown = given.find(({ name }) => !inputs.some(({ key }) => key === name));
  if (unknown) throw invalidField('inputs', `The data source has no input "${unknown.name}".`);
  const compiled = inputs.map((declared): [string, PlanInput | undefined] => {
    const input = given.find(({ name }) => name === declared.key);
    if (input === undefined) return [declared.key, defaultInput(declared)];
    const { type, value } = input;
    const tree = readInput({ type: type ?? 'value', value: type === 'complex' ? listOf(value) : value }, []);
    return [declared.key, compileInput(tree, declared)];
  });
  return Object.fromEntries(compiled.filter((entry): entry is [string, PlanInput] => entry[1] !== undefined));
}

/** Lists of inputs come as JSON text. */
function listOf(text: string | null | undefined): unknown {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    if (Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw invalidField('inputs', 'The value of a complex input is a list as JSON text.');
}
