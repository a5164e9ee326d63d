import { code, complex, definition, step, stringVar, value } from './definition-builder';
import { crmConnection } from './oauth-provider/crm';

const configVar = (key: string) => ({ type: 'configVar', value: key });

/** JavaScript text with all secrets in `all`, and a function that gives a text in many forms. */
const script = (body: string) => `module.exports = async (context) => {
  const { configVars, logger } = context;
  const all = [configVars.Basic.fields.password, configVars.Key.fields.apiKey,
    configVars.Bearer.fields.token, configVars['API Secret'], configVars.OAuth.fields.clientSecret,
    configVars.OAuth.token.access_token, configVars.OAuth.token.refresh_token,
    configVars.Shared.fields.apiKey, ...Object.values(context.webhookApiKeys).flat()];
  const formsOf = (text) => {
    const hex = Buffer.from(text).toString('hex');
    return [text, encodeURIComponent(text), JSON.stringify(text), hex, hex.toUpperCase(),
      ...['', 'a', 'ab'].flatMap((before) =>
        ['base64', 'base64url'].map((form) => Buffer.from(before + text).toString(form)))];
  };
  ${body}
};`;

const forTheOrganization = (organizationKey: string) => ({
  name: 'For the organization',
  endpointSecurityType: 'organization',
  organizationApiKeys: [organizationKey],
  steps: [code('Return', script('return { data: context };'))],
});

/** An integration whose flows use, log, return, keep and throw every secret that they can reach. */
export const canaryDefinition = (organizationKey: string): string =>
  definition(
    'Canary',
    [
      {
        name: 'Use',
        steps: [
          ...['Basic', 'Key', 'Bearer', 'OAuth', 'Shared'].map((key) =>
            step(`Call with ${key}`, 'http.httpPost', {
              url: { type: 'template', value: '{{#Target}}/ok' },
              data: value('{}'),
              connection: configVar(key),
              debugRequest: value('true'),
              includeFullResponse: value('true'),
            }),
          ),
          step('Call with a header', 'http.httpPost', {
            url: { type: 'template', value: '{{#Target}}/ok' },
            data: value('{}'),
            headers: complex([{ name: { type: 'value', value: 'X-Secret' }, ...configVar('API Secret') }]),
          }),
          step('Note', 'log.writeLog', { message: { type: 'template', value: 'with {{#API Secret}}!' } }),
          code(
            'Log',
            script(`
            logger.info(configVars.Marker);
            for (const log of [console.log, console.error, (...it) => logger.warn(...it)]) {
              log(configVars);
              log(JSON.stringify(configVars), require('node:util').inspect(configVars, { depth: null }));
              for (const secret of all) for (const form of formsOf(secret)) log('it is ' + form + '!');
            }
            process.stdout.write(all.join() + '\\n');
            process.stderr.write(all.join() + '\\n');
            return { data: null };`),
          ),
        ],
      },
      {
        name: 'Return',
        steps: [
          code(
            'Return',
            script(`
            const marker = formsOf(configVars.Marker);
            const wide = Buffer.from(configVars.Marker, 'utf16le');
            return { data: { configVars, connection: configVars.Basic, forms: all.flatMap(formsOf),
              deep: [{ [all[0]]: 1 }], bytes: Buffer.from(all.join()), marker, wide } };`),
          ),
        ],
      },
      {
        name: 'Return a lot',
        steps: [
          code('Return', script(`return { data: { pad: 'x'.repeat(90000), configVars, all: all.join() } };`)),
        ],
      },
      {
        name: 'Keep',
        steps: [
          code(
            'Keep',
            script(`context.instanceState.all = all; context.integrationState.forms = all.flatMap(formsOf);
            return { data: 1, executionState: { all, joined: all.join() }, crossFlowState: { all, pad: 'x'.repeat(90000) } };`),
          ),
          code(
            'Next',
            script(
              'return { data: [context.executionState, context.instanceState, context.crossFlowState.all] };',
            ),
          ),
        ],
      },
      {
        name: 'Throw',
        steps: [
          code('Throw', script(`throw new Error('failed with ' + all.flatMap(formsOf).join(' and '));`)),
        ],
      },
      {
        name: 'Fail',
        steps: [
          code(
            'Throw',
            script(`throw Object.assign(new Error('no way with ' + all[2]), {
            isAxiosError: true,
            config: { method: 'post', url: configVars.Target + '/x?key=' + all[1], headers: { Authorization: all[2] } },
            response: { status: 500, statusText: 'no', data: { echo: all } },
          });`),
          ),
        ],
      },
      forTheOrganization(organizationKey),
      {
        name: 'Refuse',
        steps: [
          step('Call', 'http.httpPost', {
            url: { type: 'template', value: '{{#Target}}/fail' },
            data: value('{}'),
            connection: configVar('Basic'),
          }),
        ],
      },
    ],
    {
      requiredConfigVars: [
        stringVar('Target'),
        stringVar('Marker'),
        stringVar('API Secret'),
        crmConnection('OAuth', 'pkce'),
        { key: 'Shared', dataType: 'connection', useScopedConfigVar: 'canary' },
        ...Object.entries({ Basic: 'basic', Key: 'apiKey', Bearer: 'bearerToken' }).map(
          ([key, connection]) => ({
            key,
            dataType: 'connection',
            connection: { key: connection, component: { key: 'http', isPublic: true, version: 'LATEST' } },
          }),
        ),
      ],
    },
  );
