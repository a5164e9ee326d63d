import { script, spilling } from './canary-scripts';
import { code, complex, step, template, value } from './definition-builder';

const configVar = (key: string) => ({ type: 'configVar', value: key });
const url = template('{{#Target}}/ok');
const CONNECTIONS = ['Basic', 'Key', 'Bearer', 'OAuth', 'Shared', 'Preset'];

/** Flows that use, log, return, keep and throw every secret that they can reach. */
export const canaryFlows = [
  {
    name: 'Use',
    steps: [
      ...CONNECTIONS.map((key) =>
        step(`Call with ${key}`, 'http.httpPost', {
          url,
          data: value('{}'),
          connection: configVar(key),
          debugRequest: value('true'),
          includeFullResponse: value('true'),
        }),
      ),
      step('Call with a header', 'http.httpPost', {
        url,
        data: value('{}'),
        headers: complex([{ name: { type: 'value', value: 'X-Secret' }, ...configVar('API Secret') }]),
      }),
      step('Note', 'log.writeLog', { message: template('with {{#API Secret}}!') }),
      code(
        'Log',
        script("logger.info(configVars.Marker); await spill(context, 'use'); return { data: null };"),
      ),
    ],
  },
  {
    name: 'Return',
    steps: [
      code(
        'Return',
        script(`const marker = formsOf(configVars.Marker);
        const wide = Buffer.from(configVars.Marker, 'utf16le');
        return { data: { configVars, connection: configVars.Basic, forms: all.flatMap(formsOf),
          deep: [{ [all[0]]: 1 }], bytes: Buffer.from(all.join()), marker, wide } };`),
      ),
    ],
  },
  {
    name: 'Return a lot',
    steps: [
      code('Return', script("return { data: { pad: 'x'.repeat(90000), configVars, all: all.join() } };")),
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
  { name: 'Throw', steps: [code('Throw', spilling('throw', 'throw'))] },
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
  {
    name: 'Refuse',
    steps: [
      step('Call', 'http.httpPost', {
        url: template('{{#Target}}/fail'),
        data: value('{}'),
        connection: configVar('Basic'),
      }),
    ],
  },
  {
    name: 'On-premise',
    steps: [
      {
        name: 'Ask',
        description: '',
        action: { key: 'ask', component: { key: 'local-service', isPublic: false, version: 'LATEST' } },
        inputs: { connection: configVar('Service'), path: value('/on-premise'), bytes: value('0') },
      },
      code('Spill', spilling('on-premise')),
    ],
  },
];
