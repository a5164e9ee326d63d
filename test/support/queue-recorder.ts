import type { EchoServer } from './echo-server';

/** The text of a code step that tells a server when it begins and when it ends, and takes its time between. */
export const recorded = (url: string, ms = 50) => `module.exports = async ({ executionId }, { trigger }) => {
  const { id, fail } = trigger.results.body.data;
  const tell = (what) => fetch(${JSON.stringify(url)} + '/' + what + '/' + id, { method: 'POST' });
  await tell('begin');
  await new Promise((resolve) => setTimeout(resolve, ${ms}));
  await tell('end');
  if (fail) throw new Error('As was asked for.');
  return { data: id };
};`;

/** What began, in order. */
export const begun = ({ calls }: EchoServer): string[] =>
  calls.flatMap(({ path }) => (path.startsWith('/begin/') ? [path.slice('/begin/'.length)] : []));

/** As many as were under way at once at most; one that was begun again counts once. */
export function mostAtOnce({ calls }: EchoServer): number {
  const open = new Set<string>();
  let most = 0;
  for (const { path } of calls) {
    const [, what = '', id = ''] = path.split('/');
    if (what === 'begin') open.add(id);
    else if (what === 'end') open.delete(id);
    most = Math.max(most, open.size);
  }
  return most;
}
