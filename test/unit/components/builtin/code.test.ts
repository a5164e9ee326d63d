import code from '../../../../src/components/builtin/code';
import { performOf } from './call-component';

const source = (key: string) => performOf(code, 'dataSources', key);
const connection = { key: 'apiKey', configVarKey: 'C', fields: { apiKey: 'k' } };

describe('data sources', () => {
  it('runs the code with the context, the connection and the context value', async () => {
    const text = `module.exports = async (context, { connection, contextValue }) => ({
      result: {
        schema: { type: 'object', title: context.customer.name },
        uiSchema: { type: 'VerticalLayout', elements: [] },
        data: { key: connection.fields.apiKey, contextValue },
      },
    });`;
    const context = { customer: { name: 'Acme' }, configVars: {} };
    const params = { code: text, connection, contextValue: 'v' };
    expect(await source('runCodeJsonForm')(context, params)).toEqual({
      result: {
        schema: { type: 'object', title: 'Acme' },
        uiSchema: { type: 'VerticalLayout', elements: [] },
        data: { key: 'k', contextValue: 'v' },
      },
    });
  });

  it.each([
    ['runCodePicklist', '["a", { key: "b", label: "B" }]', 'runCodePicklist', '"a"', 'a list of texts'],
    ['runCodeString', '"x"', 'runCodeString', '5', 'text'],
    ['runCodeObjectSelection', '[]', 'runCodeObjectSelection', '{}', '[{ object'],
    [
      'runCodeJsonForm',
      '{ schema: {}, uiSchema: {}, data: {} }',
      'runCodeJsonForm',
      '{ data: {} }',
      '{ schema, uiSchema, data }',
    ],
  ])('%s gives %s, and refuses other kinds', async (key, good, _key, bad, expected) => {
    const textOf = (result: string) => `module.exports = () => ({ result: ${result} })`;
    expect(await source(key)({}, { code: textOf(good) })).toHaveProperty('result');
    await expect(source(key)({}, { code: textOf(bad) })).rejects.toThrow(
      `The code must return { result: ${expected}`,
    );
    await expect(source(key)({}, { code: 'module.exports = () => 1' })).rejects.toThrow(
      /The code must return/,
    );
  });

  it('names the line of an error', async () => {
    const text = 'module.exports = async () => {\n  throw new Error("no list");\n};';
    await expect(source('runCodePicklist')({}, { code: text })).rejects.toThrow(
      'no list (line 2 of the code)',
    );
  });

  it('leaves a message that is no text as it is', async () => {
    const text = `module.exports = () => { throw Object.assign(new Error('x'), { message: { why: 'closed' } }); };`;
    const thrown = source('runCodePicklist')({}, { code: text });
    await expect(thrown).rejects.toMatchObject({ message: { why: 'closed' } });
  });
});

describe('runCodeTrigger', () => {
  const trigger = performOf(code, 'triggers', 'runCodeTrigger');
  const payload = { body: { data: { n: 1 } } };

  it('gives the payload and the answer that the code returns', async () => {
    const text = `module.exports = async ({ flow }, payload) => ({
      payload: { ...payload, from: flow.name },
      response: { statusCode: 201, contentType: 'text/plain', body: 'ok' },
    })`;
    expect(await trigger({ flow: { name: 'F' } }, payload, { code: text })).toEqual({
      payload: { ...payload, from: 'F' },
      response: { statusCode: 201, contentType: 'text/plain', body: 'ok' },
    });
  });

  it('keeps the payload when the code returns nothing', async () => {
    expect(await trigger({}, payload, { code: 'module.exports = () => {}' })).toEqual({ payload });
  });
});
