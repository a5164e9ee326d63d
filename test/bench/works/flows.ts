import { code, reference, step, template, value } from '../../support/definition-builder';
import type { WorkFlow } from './work';

/** One step that does nothing. */
export const noop = (): WorkFlow[] => [
  { name: 'Main', steps: [code('Nothing', 'module.exports = async () => ({ data: null });')] },
];

/** Three code steps, each of which posts the delivery's body, writes a line to the log and gives the answer. */
export const threePosts = (serviceUrl: string, isSynchronous = false): WorkFlow => ({
  name: 'Main',
  isSynchronous,
  steps: ['First', 'Second', 'Third'].map((name) => code(name, postCode(serviceUrl))),
});

const postCode = (serviceUrl: string) => `module.exports = async ({ logger }, { trigger }) => {
  const response = await fetch(${JSON.stringify(serviceUrl)}, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(trigger.results.body.data),
  });
  const data = await response.json();
  logger.info('posted');
  return { data };
};
`;

/** The same by the built-in components: a request and a log line are a step each. */
export const threePostsByComponents = (serviceUrl: string): WorkFlow[] => [
  {
    name: 'Main',
    steps: ['First', 'Second', 'Third'].flatMap((name) => [
      step(name, 'http.httpPost', {
        url: value(serviceUrl),
        data: reference('trigger.results.body.data'),
        responseType: value('json'),
      }),
      step(`${name} Line`, 'log.writeLog', { level: value('info'), message: template('posted') }),
    ]),
  },
];

/** One code step for each item of the delivery's list. */
export const loopOverItems = (): WorkFlow[] => [
  {
    name: 'Main',
    steps: [
      step(
        'Each',
        'loop.loopOverItems',
        { items: reference('trigger.results.body.data.items') },
        {
          steps: [
            code('Item', 'module.exports = async (context, { each }) => ({ data: each.currentItem + 1 });'),
          ],
        },
      ),
    ],
  },
];

/** Three steps that each change the bytes, so that no two results are equal. */
export const largeBody = (): WorkFlow[] => [
  {
    name: 'Main',
    steps: [
      code('First', changeCode('trigger.results.body.data')),
      code('Second', changeCode('first.results.data')),
      code('Third', changeCode('second.results.data')),
    ],
  },
];

const changeCode = (from: string) => `module.exports = async (context, results) => {
  const data = Buffer.from(results.${from});
  data[0] = (data[0] + 1) % 256;
  return { data, contentType: 'application/octet-stream' };
};
`;
