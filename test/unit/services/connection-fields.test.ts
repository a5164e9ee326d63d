import type { PlanConnection } from '../../../src/engine/plan';
import { oauthSettings, settingsFaults } from '../../../src/services/connections/oauth-settings';
import { connectionFields } from '../../../src/services/instances/config/connection-fields';

const connection = (
  values: Record<string, string | undefined>,
  rest: Partial<PlanConnection> = {},
): PlanConnection => ({
  key: 'oauth',
  component: { key: 'crm', isPublic: true, version: 1, signature: 's' },
  fields: Object.entries(values).map(([key, value]) => ({
    key,
    type: 'string',
    required: false,
    ...(value === undefined ? {} : { value }),
  })),
  ...rest,
});

describe('the fields of a connection', () => {
  it('are those set by hand, then those of the definition, with templates filled in from other fields', () => {
    const given = connection({
      host: undefined,
      realm: 'eu',
      base: 'https://{{#host}}/{{# realm }}',
      tokenUrl: '{{#base}}/token',
      other: 'a {{#nobody}} b {{host}}',
    });
    expect(connectionFields(given, new Map([['host', 'crm.example']]))).toEqual({
      host: 'crm.example',
      realm: 'eu',
      base: 'https://crm.example/eu',
      tokenUrl: 'https://crm.example/eu/token',
      other: 'a {{#nobody}} b {{host}}',
    });
  });

  it('that somebody typed in are no templates', () => {
    const given = connection({ host: undefined, secret: undefined, tokenUrl: 'https://{{#host}}/' });
    const set = new Map([
      ['host', 'x/{{#secret}}'],
      ['secret', 's'],
    ]);
    expect(connectionFields(given, set)['tokenUrl']).toBe('https://x/{{#secret}}/');
  });

  it('that are made of themselves end, and so do those that would grow without bounds', () => {
    expect(connectionFields(connection({ a: '1{{#b}}', b: '2{{#a}}' }))).toEqual({ a: '12', b: '21' });
    const doubled = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`f${at}`, `{{#f${at + 1}}}{{#f${at + 1}}}`]),
    );
    const startedMs = Date.now();
    const fields = connectionFields(connection({ ...doubled, f60: 'x'.repeat(1000) }));
    expect(Date.now() - startedMs).toBeLessThan(1000);
    expect(JSON.stringify(fields).length).toBeLessThan(2_000_000);
  });
});

describe('the settings of an OAuth connection', () => {
  const fields = {
    authorizeUrl: ' https://a.example/authorize ',
    tokenUrl: 'https://a.example/token',
    scopes: 'a b',
    clientId: 'me',
  };

  it('take PKCE from the component: its method, S256 for any other word, none where it says nothing', () => {
    const methodOf = (oauth2PkceMethod?: string) =>
      oauthSettings(
        connection({}, { oauth2Type: 'authorization_code', ...(oauth2PkceMethod && { oauth2PkceMethod }) }),
        fields,
      )?.pkceMethod;
    expect([methodOf(), methodOf('plain'), methodOf('S256'), methodOf('s256')]).toEqual([
      undefined,
      'plain',
      'S256',
      'S256',
    ]);
  });

  it('read headers from pairs and objects, and leave out what is none', () => {
    const headersOf = (headers: string) =>
      oauthSettings(connection({}, { oauth2Type: 'client_credentials' }), { ...fields, headers })?.headers;
    expect(headersOf('[{"key":"X-A","value":"1"},{"key":"bad name","value":"2"},3]')).toEqual({ 'x-a': '1' });
    expect(headersOf('{"X-A":"1","X-B":2}')).toEqual({ 'x-a': '1' });
    expect(headersOf('no json')).toEqual({});
  });

  it('name each field that is wrong', () => {
    const settings = oauthSettings(connection({}, { oauth2Type: 'authorization_code' }), {
      authorizeUrl: 'javascript:alert(1)',
      tokenUrl: '',
      clientId: '',
    });
    expect(settingsFaults(settings!)).toEqual([
      'The field "authorizeUrl" must be an http or https address.',
      'The field "tokenUrl" must be an http or https address.',
      'The field "clientId" needs a value.',
    ]);
    expect(oauthSettings(connection({}), fields)).toBeUndefined();
  });
});
