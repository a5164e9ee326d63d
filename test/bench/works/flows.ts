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

/** By Node's own client, which keeps its connections: as the plain workflow's activity does it. */
const postCode = (serviceUrl: string) => `const { request } = require('node:http');

const post = (body) => new Promise((resolve, reject) => {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const call = request(${JSON.stringify(serviceUrl)}, { method: 'POST', headers }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
  });
  call.on('error', reject);
  call.end(body);
});

module.exports = async ({ logger }, { trigger }) => {
  const data = await post(JSON.stringify(trigger.results.body.data));
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
