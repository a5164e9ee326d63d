import liquid from '../../../../src/components/builtin/liquid-template';
import { callAction } from './call-component';

const call = callAction(liquid);
const render = async (liquidTemplate: string, data: unknown) =>
  (await call('transform', { liquidTemplate, data }))['data'];

it('fills a template with the keys of the data', async () => {
  const data = { title: 'A', scope: 'eu, us', data: { a: 1 } };
  const template =
    '{{ title }}:{% assign all = scope | split: ", " %}{% for one in all %} [{{ one }}]{% endfor %} {{ data | json }}';
  expect(await render(template, data)).toBe('A: [eu] [us] {"a":1}');
});

it('takes JSON text, files and lists', async () => {
  expect(await render('{{ a }}', '{"a":5}')).toBe('5');
  expect(await render('{{ a }}', { data: Buffer.from('{"a":5}'), contentType: 'application/json' })).toBe(
    '5',
  );
  expect(await render('{{ data[1] }}{{ missing }}', [1, 2])).toBe('2');
});

it('says where a template is wrong', async () => {
  await expect(render('{% if a %}', {})).rejects.toThrow(/^Liquid Template cannot be rendered: .*line:1/);
  await expect(render('{{ a }}', 'text')).rejects.toThrow(/^Data must be an object/);
});

it('reads no files and no prototypes', async () => {
  await expect(render("{% include '/etc/passwd' %}", {})).rejects.toThrow(/cannot be rendered/);
  await expect(render("{% render '../../package.json' %}", {})).rejects.toThrow(/cannot be rendered/);
  expect(await render('{{ a.constructor.name }}{{ a.__proto__ }}', { a: {} })).toBe('');
});

it.each([
  '{% for i in (1..100000000) %}{{ i }}{% endfor %}',
  '{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}',
])('ends a template that would not: %s', async (template) => {
  await expect(render(template, {})).rejects.toThrow(/cannot be rendered: .*limit/);
});
