import type { PlanConfigVar, PlanConnection, PlanConnectionField } from '../../../src/engine/plan';
import { placeTemplates } from '../../../src/services/connection-templates/place-templates';
import { connectionFields } from '../../../src/services/instances/config/connection-fields';
import { emptyFields } from '../../../src/services/instances/config/find-missing';
import { isForCustomers } from '../../../src/services/instances/config/view-variables';
import type { DeployedTemplate } from '../../../src/store/models/connection-template.model';
import { createSealer } from '../../../src/store/sealer';
import { aKey } from '../../support/services';

const sealer = createSealer(aKey('one'));
const component = { key: 'crm', isPublic: false, version: 1, signature: 's' };

const preset = (values: Record<string, string>, rest: Partial<DeployedTemplate> = {}): DeployedTemplate => ({
  _id: 't-1',
  component: { key: 'crm', isPublic: false },
  connection: 'oauth',
  name: 'Acme',
  sealedInputs: Object.entries(values).map(([name, text]) => ({ name, sealedValue: sealer.seal(text) })),
  updatedAt: new Date(),
  ...rest,
});

const field = (key: string, rest: Partial<PlanConnectionField> = {}): PlanConnectionField => ({
  key,
  type: 'string',
  required: true,
  ...rest,
});

const variable = (fields: PlanConnectionField[], rest: Partial<PlanConnection> = {}): PlanConfigVar => ({
  key: 'CRM',
  stableKey: 'crm',
  dataType: 'connection',
  orgOnly: false,
  connection: { key: 'oauth', component, template: 'Acme', fields, ...rest },
});

function placed(
  configVar: PlanConfigVar,
  template: DeployedTemplate,
): PlanConfigVar & { connection: PlanConnection } {
  const plan = { configVars: [configVar] };
  const before = structuredClone(plan);
  const [found] = placeTemplates(sealer, plan, [template]).configVars;
  // Plans are shared by all runs of a process.
  expect(plan).toEqual(before);
  return found as PlanConfigVar & { connection: PlanConnection };
}

const FIELDS = [
  field('clientId'),
  field('scopes', { value: 'read', isDefault: true }),
  field('region', { value: 'eu' }),
  field('empty', { value: '' }),
  field('user'),
];

describe('a preset that is placed in a plan', () => {
  it('comes behind what was set by hand and the definition, and before the component’s default', () => {
    const all = { clientId: 'p', scopes: 'p', region: 'p', empty: 'p' };
    const { connection } = placed(variable(FIELDS), preset(all));
    expect(connectionFields(connection)).toEqual({ clientId: 'p', scopes: 'p', region: 'eu', empty: 'p' });
    const set = new Map([
      ['clientId', 'hand'],
      ['region', 'hand'],
    ]);
    expect(connectionFields(connection, set)).toMatchObject({
      clientId: 'hand',
      scopes: 'p',
      region: 'hand',
    });
    expect(connection.templateId).toBe('t-1');
  });

  it('counts as given, and its fields are not for users of a customer', () => {
    const found = placed(variable(FIELDS), preset({ clientId: 'p', region: 'p' }));
    expect(emptyFields(found, undefined)).toEqual(['empty', 'user']);
    const theirs = found.connection.fields.filter(isForCustomers).map(({ key }) => key);
    expect(theirs).toEqual(['scopes', 'region', 'empty', 'user']);
  });

  it('has placeholders for other fields filled in, as texts of the definition have', () => {
    const fields = [field('host'), field('tokenUrl')];
    const { connection } = placed(variable(fields), preset({ tokenUrl: 'https://{{#host}}/token' }));
    expect(connectionFields(connection, new Map([['host', 'h']]))['tokenUrl']).toBe('https://h/token');
  });

  it('leaves a plan alone that names another one: of another name, kind or component', () => {
    const configVar = variable(FIELDS);
    for (const other of [
      preset({ clientId: 'p' }, { name: 'acme' }),
      preset({ clientId: 'p' }, { connection: 'basic' }),
      preset({ clientId: 'p' }, { component: { key: 'crm', isPublic: true } }),
    ])
      expect(placed(configVar, other)).toEqual(configVar);
    expect(placed({ ...configVar, sharedConnection: 'x' }, preset({ clientId: 'p' }))).not.toHaveProperty(
      'connection.templateId',
    );
  });
});

describe('the client’s secret of a preset', () => {
  const fields = [
    field('clientSecret', { type: 'password' }),
    field('tokenUrl', { value: 'https://right/token', isDefault: true }),
  ];
  const set = new Map([['tokenUrl', 'https://wrong/token']]);

  it('is sent nowhere but where the definition, the preset or the component say', () => {
    const { connection } = placed(
      variable(fields, { oauth2Type: 'authorization_code' }),
      preset({ clientSecret: 's' }),
    );
    expect(connectionFields(connection, set)).toEqual({ clientSecret: 's', tokenUrl: 'https://right/token' });
    expect(connection.fields.filter(isForCustomers)).toEqual([]);
  });

  it('does not bind addresses where the definition has a secret of its own, or there is no OAuth', () => {
    const own = [field('clientSecret', { value: 'own' }), field('tokenUrl')];
    const withOwn = placed(
      variable(own, { oauth2Type: 'authorization_code' }),
      preset({ clientSecret: 's' }),
    );
    expect(connectionFields(withOwn.connection, set)['tokenUrl']).toBe('https://wrong/token');
    const plain = placed(variable(fields), preset({ clientSecret: 's' }));
    expect(connectionFields(plain.connection, set)['tokenUrl']).toBe('https://wrong/token');
  });
});
