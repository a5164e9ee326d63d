import { hook } from './canary-package';
import { script, spilling } from './canary-scripts';
import { code, complex, scheduled, step, value } from './definition-builder';

/** Tells all of an error, and all that it leads to. */
const tellError = (call: string): string => `try { ${call} } catch (error) {
  const inspectOf = (it, depth) => require('node:util').inspect(it, { depth, showHidden: true });
  console.log(error); logger.error(error); logger.info(inspectOf(error, 8));
  try { logger.info(JSON.stringify(error)); } catch {}
  for (const part of [error.request?.agent?.proxy, error.request?.agent, error.request?.getHeaders?.()])
    logger.info(inspectOf(part, 1), part?.href);
  told.push(String(error), error.stack, inspectOf(error, 4), error.cause);
}`;

/** The names stand for how a run comes about, or for what goes on in it. */
export const canaryKinds = [
  {
    name: 'Queued',
    queueConfig: { type: 'sequential' },
    steps: [code('Spill', spilling('queued', 'throw'))],
  },
  { name: 'Scheduled', trigger: scheduled('0 3 1 1 *'), steps: [code('Spill', spilling('scheduled'))] },
  {
    name: 'Tried again',
    retryConfig: { maxAttempts: 1, delayMinutes: 1, usesExponentialBackoff: false },
    steps: [code('Spill', spilling('tried again', 'throw'))],
  },
  {
    name: 'Waiting',
    steps: [
      code('Spill', spilling('before a wait')),
      step('Wait', 'sleep.sleep', { ms: value('3000') }),
      code('Spill again', spilling('behind a wait')),
    ],
  },
  {
    name: 'Calling',
    steps: [
      step('Call', 'cross-flow.invokeFlow', { flowName: value('Called'), data: value('{}') }),
      code('Spill', spilling('calling')),
    ],
  },
  { name: 'Called', steps: [code('Spill', spilling('called'))] },
  {
    name: 'Together',
    steps: [
      code(
        'Spill',
        script(`await fetch(configVars.Target + '/spilled/together',
          { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(all) });
        logger.info(all.join());
        if (trigger.results.body.data.id % 2) throw new Error(all.join());
        return { data: all };`),
      ),
    ],
  },
  { name: 'Deployed', trigger: hook, steps: [code('Spill', spilling('deployed'))] },
  {
    name: 'By the proxy',
    steps: [
      step('Plain', 'http.httpPost', {
        url: value('http://shop.invalid/ok'),
        data: value('{}'),
        headers: complex([]),
        debugRequest: value('true'),
      }),
      code(
        'Refused',
        script(`const told = [];
        const get = (module, url) => new Promise((done, fail) => module.get(url, (response) =>
          fail(Object.assign(new Error('status ' + response.statusCode), { response, request: response.req }))).on('error', fail));
        ${tellError("await get(require('node:https'), 'https://shop.invalid/tunnel');")}
        ${tellError("await get(require('node:http'), 'http://shop.invalid/plain');")}
        ${tellError("await fetch('https://shop.invalid/fetched');")}
        throw Object.assign(new Error(told.join('\\n')), { told });`),
      ),
    ],
  },
];
