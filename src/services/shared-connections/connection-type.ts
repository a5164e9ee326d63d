import { compileConnection } from '../../definition/compile-connection';
import { ConfigVarSchema } from '../../definition/schema-config-var';
import type { PlanConnection } from '../../engine/plan';
import { invalidField } from '../../errors';
import { componentLookup } from '../components/component-lookup';
import type { Deps } from '../context';

/** A connection type as somebody names it. */
export interface ConnectionTypeName {
  component: { key: string; isPublic: boolean; version?: number | null | undefined };
  /** Key within the component. */
  connection: string;
}

/** The connection type, pinned to a version of its component. Throws `invalid_input` when there is no such one. */
export async function findConnectionType(
  deps: Pick<Deps, 'store'>,
  organizationId: string,
  { component: { key, isPublic, version }, connection }: ConnectionTypeName,
): Promise<PlanConnection> {
  const lookup = await componentLookup(deps, organizationId, { keys: [key] });
  const component = { key, isPublic, version: version ?? ('LATEST' as const) };
  const found = lookup(component);
  if ('missing' in found) {
    const what = found.missing === 'version' ? `version ${version} of the component` : 'component';
    throw invalidField(
      'component',
      [`There is no ${what} "${key}".`, found.reason].filter(Boolean).join(' '),
    );
  }
  const { connections } = found.manifest;
  if (!connections.some((declared) => declared.key === connection)) {
    const known = connections.map((declared) => `"${declared.key}"`).join(', ') || 'none';
    throw invalidField('connection', `"${key}" has no connection "${connection}"; it has: ${known}.`);
  }
  const variable = { key: connection, dataType: 'connection', connection: { key: connection, component } };
  const compiled = compileConnection(ConfigVarSchema.parse(variable), lookup);
  if (!compiled) throw new Error('A variable of type connection was compiled to none.');
  return compiled;
}
