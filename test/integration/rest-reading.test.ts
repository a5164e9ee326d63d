import { type Listed, onObjects, type RestSubject, startRestSubject } from '../support/rest-subject';

describe('reading over REST', () => {
  let subject: RestSubject;
  let rest: RestSubject['rest'];
  let ids: RestSubject['ids'];
  let as: RestSubject['as'];

  beforeAll(async () => {
    subject = await startRestSubject();
    ({ rest, ids, as } = subject);
  });
  afterAll(() => subject?.system.stop());

  test('shows outputs up to 32 KB in the list of steps, and larger ones whole behind their link', async () => {
    const { body } = await rest<Listed>('GET', `/executions/${ids.execution}/steps`);
    const [, largeStep, mediumStep, bytesStep] = body.items;
    expect(largeStep).toMatchObject({ name: 'Large', output: null });
    expect(largeStep!.outputBytes).toBeGreaterThan(200_000);
    expect(mediumStep).toMatchObject({ name: 'Medium', output: null });
    expect(mediumStep!.outputBytes).toBeGreaterThan(40_000);
    expect(bytesStep!.output).toEqual({
      type: 'Buffer',
      base64: Buffer.from([1, 2, 255]).toString('base64'),
    });
    const whole = await rest<{ data: string }>('GET', largeStep!.outputUrl.replace('/api/v1', ''));
    expect(whole.body.data).toBe('x'.repeat(200_000));
    const onlyOne = await rest<Listed>('GET', `/executions/${ids.execution}/steps?name=Medium`);
    expect(onlyOne.body.items.map(({ name }) => name)).toEqual(['Medium']);
  });

  test('pages by cursor, without repeating or skipping, and refuses the cursor of another list', async () => {
    for (const name of ['Page A', 'Page B', 'Page C']) await rest('POST', '/customers', { name });
    const names: string[] = [];
    let after = '';
    for (let isMore = true; isMore; ) {
      const path = `/customers?first=2${after && `&after=${encodeURIComponent(after)}`}`;
      const { body } = await rest<Listed>('GET', path);
      names.push(...body.items.map(({ name }) => name));
      after = body.endCursor;
      isMore = body.hasNextPage;
    }
    expect(names).toEqual(['First', 'Page A', 'Page B', 'Page C', 'Second']);
    const { body: logs } = await rest<Listed>('GET', `/executions/${ids.execution}/logs?first=1`);
    for (const cursor of [logs.endCursor, 'nonsense']) {
      expect((await rest('GET', `/customers?after=${encodeURIComponent(cursor)}`)).status).toBe(400);
    }
  });

  test('hides the objects of one customer from the users of another', async () => {
    const stranger = await as('customer_admin', ids.otherCustomer);
    for (const [method, path, body] of onObjects(ids)) {
      const answer = await stranger(method, path, body);
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    const executions = await stranger<Listed>('GET', '/executions');
    expect(executions.body.items).toEqual([]);
  });
});
