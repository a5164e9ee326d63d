import { resultRedactor } from '../../../src/components/runner/redact-result';
import { secretRedactor } from '../../../src/components/runner/redact-secrets';
import { formsOf } from '../../support/find-secret';

const SECRET = 's3cr"t&+/=value';
const configVars = {
  Shop: {
    key: 'basic',
    configVarKey: 'Shop',
    fields: { username: 'ada', password: SECRET },
  },
  'API Key': 'key-of-a-text-variable',
  Greeting: 'good morning',
};
const context = { configVars, webhookApiKeys: { Flow: ['endpoint-key-1'] } };
const redact = secretRedactor({}, context);
const resultOf = (result: unknown, kind: 'action' | 'trigger' = 'action') =>
  resultRedactor({ kind, context, params: {} }, redact)(result);

describe('secrets of a call', () => {
  it('are masked in each form that is common', () => {
    for (const { name, pattern } of formsOf(SECRET)) {
      if (name === 'UTF-16') continue;
      expect([name, redact(`>${pattern.toString()}<`)]).toEqual([name, '>[redacted]<']);
    }
  });

  it('are those of text variables with a telling name and of callers too; other text stays', () => {
    expect(redact('key-of-a-text-variable, endpoint-key-1, good morning, ada')).toBe(
      '[redacted], [redacted], good morning, ada',
    );
  });

  it('are told by whole words of a name: what is about a secret, or finds data, is none', () => {
    const values = (names: string[]) =>
      Object.fromEntries(names.map((name, at) => [name, `value-of-${at}-here`]));
    const open = values([
      'Auth Type',
      'Author',
      'Keyword',
      'Primary Key Column',
      'Jira Project Key',
      'Object Key Prefix',
      'Token Limit',
      'Passenger List',
      'Secret Name',
    ]);
    const hidden = values([
      'API_KEY',
      'Stripe Key',
      'apiToken',
      'Client Secret Value',
      'SFTP pwd',
      'Basic Auth',
      'accesstoken',
    ]);
    const ofText = (configVars: object) => JSON.stringify(Object.values(configVars));
    expect(secretRedactor({}, { configVars: open })(ofText(open))).toBe(ofText(open));
    expect(secretRedactor({}, { configVars: hidden })(ofText(hidden))).not.toContain('value-of');
    const fields = { ...values(['authType', 'headerKey', 'tokenUrl', 'authorName', 'keyspace']) };
    expect(secretRedactor({ connection: { key: 'any', fields } })(ofText(fields))).toBe(ofText(fields));
    const secret = { ...values(['apiKey', 'accessKeyId', 'auth', 'botToken', 'signingSecret', 'passwd']) };
    expect(secretRedactor({ connection: { key: 'any', fields: secret } })(ofText(secret))).not.toContain(
      'value-of',
    );
  });

  it('are masked in basic authentication, whatever else is encoded with them', () => {
    const sent = Buffer.from(`ada:${SECRET}`).toString('base64');
    expect(redact(`Basic ${sent}`)).not.toContain(sent.slice(8));
  });
});

describe('a result', () => {
  it('is masked in texts, keys, bytes, maps and class instances, at any depth', () => {
    class Order {
      note = SECRET;
      at = new Date(0);
    }
    expect(
      resultOf({
        list: [1, { [SECRET]: SECRET }],
        map: new Map([[SECRET, new Set([SECRET])]]),
        bytes: Buffer.from(`\u00ff${SECRET}`, 'latin1'),
        order: new Order(),
      }),
    ).toEqual({
      list: [1, { '[redacted]': '[redacted]' }],
      map: new Map([['[redacted]', new Set(['[redacted]'])]]),
      bytes: Buffer.from('\u00ff[redacted]', 'latin1'),
      order: { note: '[redacted]', at: new Date(0) },
    });
  });

  it('without a secret is handed on as it is, not as a copy', () => {
    const result = {
      data: [{ text: 'x', bytes: Buffer.from('x'), at: new Date(0) }],
    };
    expect(resultOf(result)).toBe(result);
  });

  it('that holds itself is left to those who refuse it', () => {
    const round: Record<string, unknown> = { a: 1 };
    round['self'] = round;
    expect(resultOf(round)).toBe(round);
  });

  it('keeps the branch that it names, which a definition names too', () => {
    expect(resultOf({ data: SECRET, branch: SECRET })).toEqual({ data: '[redacted]', branch: SECRET });
  });

  it('of a trigger is what the caller sent, without the keys of callers', () => {
    const { webhookApiKeys } = context;
    expect(resultOf({ payload: { body: SECRET, webhookApiKeys } }, 'trigger')).toEqual({
      payload: { body: SECRET, webhookApiKeys: { Flow: ['[redacted]'] } },
    });
  });

  describe('of a trigger that is not built in', () => {
    const bundlePath = '/bundle.js';
    const inBase64 = Buffer.from(`Basic ${SECRET}`).toString('base64');
    const trigger = { kind: 'trigger' as const, context, params: {}, bundlePath };

    it('are masked in what it gives, but not in what it answers its caller with', () => {
      const payload: Record<string, unknown> = { body: { data: 'hello' } };
      const redacted = resultRedactor({ ...trigger, payload }, redact);
      payload['more'] = SECRET;
      const bytes = Buffer.from(`it is ${SECRET}`);
      const result = { payload: { ...payload, inBase64, bytes }, response: { body: SECRET }, branch: SECRET };
      const { payload: given, ...rest } = redacted(result) as typeof result;
      expect(given).toMatchObject({ body: { data: 'hello' }, more: '[redacted]' });
      expect(given.inBase64).toContain('[redacted]');
      expect(String(given.bytes)).toBe('it is [redacted]');
      expect(rest).toEqual({ response: { body: SECRET }, branch: SECRET });
    });

    it('stay where the caller sent them, in that form alone', () => {
      const payload = { headers: { Authorization: SECRET }, rawBody: { data: Buffer.from(SECRET) } };
      const redacted = resultRedactor({ ...trigger, payload }, redact);
      expect(redacted({ payload: { ...payload, again: `${SECRET} ${inBase64}` } })).toEqual({
        payload: {
          ...payload,
          again: expect.stringMatching(/^s3cr"t&\+\/=value \S*\[redacted\]\S*$/) as string,
        },
      });
    });

    it('stay masked for the function that cuts its result into items', () => {
      const request = { ...trigger, kind: 'resolveTriggerItems' as const };
      const redacted = resultRedactor({ ...request, payload: { payload: { body: 'x' } } }, redact);
      expect(redacted([{ id: 1, key: 'key-of-a-text-variable' }])).toEqual([{ id: 1, key: '[redacted]' }]);
    });
  });
});
