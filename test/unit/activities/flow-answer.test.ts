import { answerFields } from '../../../src/activities/answer-fields';
import { answerOfLastStep, answerOfResponse } from '../../../src/activities/flow-answer';

const answerOf = (last: Parameters<typeof answerOfLastStep>[0]) => {
  const { body, ...rest } = answerOfLastStep(last);
  return { ...rest, body: body?.toString('utf8') };
};

describe('the answer of a synchronous flow', () => {
  it('is the last step’s data as JSON', () => {
    expect(answerOf({ data: { id: 7 } })).toEqual({
      statusCode: 200,
      contentType: 'application/json',
      headers: {},
      body: '{"id":7}',
    });
    expect(answerOf({ data: null })).toMatchObject({ contentType: 'application/json', body: 'null' });
    expect(answerOf({ data: 'text' })).toMatchObject({ contentType: 'application/json', body: '"text"' });
  });

  it('takes status, headers and content type that the step gave', () => {
    const headers = { 'X-Order': '7' };
    expect(answerOf({ data: '<order/>', contentType: 'application/xml', statusCode: 201, headers })).toEqual({
      statusCode: 201,
      contentType: 'application/xml',
      headers,
      body: '<order/>',
    });
  });

  it('takes the content type among the headers, unless one is given beside them', () => {
    const fieldsOf = (given: object) =>
      answerFields({ headers: { 'content-TYPE': 'text/html', a: 'b' }, ...given });
    expect(fieldsOf({})).toEqual({ headers: { a: 'b' }, contentType: 'text/html' });
    expect(fieldsOf({ contentType: '' })).toEqual({ headers: { a: 'b' }, contentType: 'text/html' });
    expect(fieldsOf({ contentType: 'text/xml' })).toEqual({ headers: { a: 'b' }, contentType: 'text/xml' });
    expect(answerFields({ headers: { 'Content-Type': '' } })).toEqual({ headers: {} });
    expect(answerOf({ data: '<b>hi</b>', ...fieldsOf({}) })).toMatchObject({ body: '<b>hi</b>' });
  });

  it('warns of a status that no answer can have', () => {
    const warned = (statusCode: unknown) => {
      const warnings: string[] = [];
      answerFields({ statusCode }, (message) => warnings.push(message));
      return warnings;
    };
    for (const status of [200, '204', 599]) expect(warned(status)).toEqual([]);
    for (const status of [101, '700', -1]) expect(warned(status)[0]).toContain(`statusCode ${status}`);
    expect(warned('fine')[0]).toContain('"fine" is left out');
  });

  it('is the bytes of a binary result', () => {
    const data = Buffer.from([0, 255, 7]);
    expect(answerOfLastStep({ data, contentType: 'image/png' })).toMatchObject({
      contentType: 'image/png',
      body: data,
    });
    expect(answerOfLastStep({ data: new Uint8Array(data) })).toMatchObject({
      contentType: 'application/octet-stream',
      body: data,
    });
  });

  it('has no body when the last step left nothing, or none ran', () => {
    for (const last of [undefined, {}, { data: undefined }]) {
      expect(answerOf(last)).toEqual({ statusCode: 200, contentType: 'text/plain', headers: {}, body: '' });
    }
  });
});

describe('a trigger’s own response', () => {
  it('is given on with its status, headers and body', () => {
    const response = { statusCode: 202, contentType: 'text/plain', headers: { a: 'b' }, body: 'accepted' };
    expect(answerOfResponse(response)).toEqual({ ...response, body: Buffer.from('accepted') });
  });

  it('takes its content type from its headers, too', () => {
    const headers = { 'Content-Type': 'text/xml', a: 'b' };
    expect(answerOfResponse({ headers, body: '<Response/>' })).toEqual({
      statusCode: 200,
      contentType: 'text/xml',
      headers: { a: 'b' },
      body: Buffer.from('<Response/>'),
    });
  });

  it('without a body keeps status and headers, and names the execution', () => {
    expect(answerOfResponse({ statusCode: 204, headers: { a: 'b' } })).toEqual({
      statusCode: 204,
      contentType: '',
      headers: { a: 'b' },
      body: null,
    });
  });

  it.each([undefined, null, 'text', 5])('that is %p stands for the default one', (response) => {
    expect(answerOfResponse(response)).toEqual({ statusCode: 200, contentType: '', headers: {}, body: null });
  });
});
