import { canaryFlows } from './canary-flows';
import { canaryKinds } from './canary-kinds';
import { script, withFunctions } from './canary-scripts';
import { code, definition, stringVar, value } from './definition-builder';
import { crmConnection } from './oauth-provider/crm';

const HTTP = { key: 'http', isPublic: true, version: 'LATEST' };
const configVar = (key: string) => ({ type: 'configVar', value: key });

/** A config variable whose values a data source offers: code, which is asked with a secret. */
const offered = (key: string, body: string) => ({
  key,
  dataType: 'picklist',
  defaultValue: 'none',
  orgOnly: false,
  dataSource: { key: 'runCodePicklist', component: { key: 'code', isPublic: true, version: 'LATEST' } },
  inputs: {
    code: value(
      withFunctions(`module.exports = async (context, { connection, contextValue }) => {
        const all = [...(await spill(context, 'data source ${key}')), contextValue, connection.fields.password];
        context.logger.info(all.join());
        ${body}
      };`),
    ),
    connection: configVar('Basic'),
    contextValue: configVar('Source Secret'),
  },
});

/** Turned round, the marker is a text that nothing but the answer of a data source holds. */
export const answerOf = (marker: string): string => Buffer.from(marker).reverse().toString();

const connection = (key: string, type: string, rest: object = {}) => ({
  key,
  dataType: 'connection',
  connection: { key: type, component: HTTP, ...rest },
});

/** An integration whose flows get hold of all secrets that there are, and let go of them in every way. */
export const canaryDefinition = (organizationKey: string, template: string): string =>
  definition(
    'Canary',
    [
      ...canaryFlows,
      ...canaryKinds,
      {
        name: 'For the organization',
        endpointSecurityType: 'organization',
        organizationApiKeys: [organizationKey],
        steps: [
          code('Return', script("await spill(context, 'for the organization'); return { data: context };")),
        ],
      } as never,
    ],
    {
      requiredConfigVars: [
        ...['Target', 'Marker', 'API Secret', 'Source Secret'].map((key) => stringVar(key)),
        stringVar('Fail', 'no'),
        offered(
          'Offered',
          'return { result: [Buffer.from(context.configVars.Marker).reverse().toString(), ...all] };',
        ),
        offered(
          'Refused',
          "throw new Error('no answer to ' + [...all, ...all.flatMap(formsOf)].join(' and '));",
        ),
        crmConnection('OAuth', 'pkce'),
        crmConnection('Pending OAuth', 'pkce'),
        { key: 'Shared', dataType: 'connection', useScopedConfigVar: 'canary' },
        connection('Basic', 'basic'),
        connection('Key', 'apiKey'),
        connection('Bearer', 'bearerToken'),
        connection('Preset', 'apiKey', { template }),
        {
          key: 'Service',
          dataType: 'connection',
          orgOnly: false,
          onPremiseConnectionConfig: 'required',
          connection: {
            key: 'service',
            component: { key: 'local-service', isPublic: false, version: 'LATEST' },
          },
          inputs: {},
        },
      ],
    },
  );
