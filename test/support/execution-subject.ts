import {
  code,
  complex,
  definition,
  reference,
  scheduled,
  step,
  stringVar,
  template,
  value,
  webhook,
} from './definition-builder';

const post_ = (name: string, path: string, errorConfig?: Record<string, unknown>) =>
  step(
    name,
    'http.httpPost',
    { url: template(`{{#Target}}${path}`), data: value('{}') },
    errorConfig ? { errorConfig } : {},
  );

/** Flows for executions of every kind; those that call out call the address of the variable `Target`. */
export const EXECUTION_SUBJECT = definition(
  'Execution subject',
  [
    {
      name: 'Orders',
      steps: [
        code(
          'Normalise',
          'module.exports = async (context, { trigger }) => ({ data: trigger.results.body.data });',
        ),
        step(
          'Each line',
          'loop.loopOverItems',
          { items: reference('normalise.results.lines') },
          {
            steps: [
              step('Call line', 'http.httpPost', {
                url: template('{{#Target}}/{{$eachLine.currentItem.sku}}/{{$eachLine.index}}'),
                data: template('{"n": {{$eachLine.index}}}'),
                responseType: value('json'),
              }),
            ],
          },
        ),
        step(
          'Is large',
          'branch.branchOnExpression',
          {
            conditions: complex([
              {
                name: 'Large',
                type: 'complex',
                value: ['greaterThan', reference('normalise.results.id'), value('100')],
              },
            ]),
          },
          {
            branches: [
              {
                name: 'Large',
                steps: [
                  step('Note large', 'log.writeLog', { level: value('warn'), message: value('large') }),
                ],
              },
              {
                name: 'Else',
                steps: [
                  step('Note small', 'log.writeLog', {
                    level: value('info'),
                    message: template('small order {{$normalise.results.id}}'),
                  }),
                ],
              },
            ],
          },
        ),
        code(
          'Summary',
          'module.exports = async (context, { normalise, eachLine }) => ({ data: { id: normalise.results.id, calls: eachLine.results.map(({ path }) => path) } });',
        ),
      ],
    },
    {
      name: 'Quote',
      isSynchronous: true,
      steps: [
        code(
          'Total',
          `module.exports = async (context, { trigger }) => {
          const { amount } = trigger.results.body.data;
          if (typeof amount !== 'number') throw new Error('amount is no number');
          return { data: { total: amount * 2 }, statusCode: 201, headers: { 'x-quote': 'yes' } };
        };`,
        ),
      ],
    },
    {
      name: 'Custom answer',
      trigger: webhook({
        body: value('taken'),
        contentType: value('text/plain'),
        statusCode: value('202'),
        headers: complex([]),
      }),
      steps: [step('Note', 'log.writeLog', { level: value('info'), message: value('hello') })],
    },
    { name: 'Fail', steps: [post_('Call fail', '/fail/once'), post_('Never', '/never')] },
    {
      name: 'Ignore and retry',
      steps: [
        post_('Ignored', '/fail/ignored', {
          errorHandlerType: 'ignore',
          maxAttempts: 0,
          delaySeconds: 0,
          usesExponentialBackoff: false,
          ignoreFinalError: false,
        }),
        post_('Retried', '/fail/retried', {
          errorHandlerType: 'retry',
          maxAttempts: 2,
          delaySeconds: 0,
          usesExponentialBackoff: false,
          ignoreFinalError: true,
        }),
      ],
    },
    {
      name: 'Stop',
      steps: [
        step('Stop', 'stop-execution.stopExecution', { statusCode: value('200') }),
        step('Never', 'log.writeLog', { level: value('info'), message: value('never') }),
      ],
    },
    {
      name: 'Sleep',
      steps: [
        step('Wait', 'sleep.sleep', { ms: value('2500') }),
        step('After', 'log.writeLog', { level: value('info'), message: value('after') }),
      ],
    },
    {
      name: 'Nightly',
      trigger: scheduled('0 3 * * *', 'Europe/Amsterdam'),
      steps: [step('Note', 'log.writeLog', { level: value('info'), message: value('nightly') })],
    },
  ],
  {
    requiredConfigVars: [stringVar('Target')],
    configPages: [{ name: 'Setup', elements: [{ type: 'configVar', value: 'Target' }] }],
  },
);
