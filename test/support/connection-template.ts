import { randomUUID } from 'node:crypto';
import { createConnectionTemplate } from '../../src/services/connection-templates/create-connection-template';
import type { RequestContext } from '../../src/services/context';
import type { ConnectionTemplate } from '../../src/store/models/connection-template.model';
import { definition, step, value } from './definition-builder';
import type { Services } from './services';
import { inputsOf } from './shared-connection';

type Wanted = Partial<Omit<Parameters<typeof createConnectionTemplate>[2], 'inputs'>> & {
  fields?: Record<string, string>;
};

/** A preset with a name of its own: of an API key of the built-in HTTP component unless asked otherwise. */
export function aTemplate(
  { deps, ctx }: Services,
  { fields = {}, ...wanted }: Wanted = {},
  as: RequestContext = ctx,
): Promise<ConnectionTemplate> {
  return createConnectionTemplate(deps, as, {
    name: `Preset ${randomUUID()}`,
    component: { key: 'http', isPublic: true },
    connection: 'apiKey',
    ...wanted,
    inputs: inputsOf(fields),
  });
}

/** A definition whose flow calls an address with the connection `Shop`, whose fields a preset gives. */
export function presetDefinition(
  template: string,
  rest: object = {},
  connection: object = { key: 'apiKey', component: { key: 'http', isPublic: true } },
): string {
  const call = step('Ask the shop', 'http.httpGet', {
    url: value('http://127.0.0.1:1/'),
    connection: { type: 'configVar', value: 'Shop' },
  });
  return definition(`Preset ${randomUUID()}`, [{ name: 'Main', steps: [call] }], {
    requiredConfigVars: [
      { key: 'Shop', dataType: 'connection', connection: { ...connection, template }, ...rest },
    ],
  });
}
