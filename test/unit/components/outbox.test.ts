import { Outbox } from '../../../src/components/runner/outbox';

function outboxOf(isSendable: (message: string) => boolean) {
  const sent: string[] = [];
  const outbox = new Outbox<string>(
    (messages) => {
      if (!messages.every(isSendable)) throw new Error('no');
      sent.push(messages.join('+'));
    },
    () => sent.push('all'),
  );
  return { outbox, sent };
}
const turn = () => new Promise((done) => setImmediate(done));

it('sends the messages of a turn as one, and says so behind them', async () => {
  const { outbox, sent } = outboxOf(() => true);
  outbox.add('a');
  outbox.add('b');
  expect(sent).toEqual([]);
  await turn();
  outbox.flush();
  expect(sent).toEqual(['a+b', 'all']);
});

it('sends many before the turn is over, so that they are begun with meanwhile', async () => {
  const { outbox, sent } = outboxOf(() => true);
  for (let count = 0; count < 40; count += 1) outbox.add('a');
  const many = Array.from({ length: 16 }, () => 'a').join('+');
  expect(sent).toEqual([many, 'all', many, 'all']);
  await turn();
  expect(sent.at(-2)).toBe('a+a+a+a+a+a+a+a');
});

it('sends the others, and says so behind them, when one cannot be sent', () => {
  const { outbox, sent } = outboxOf((message) => message !== 'bad');
  outbox.add('a');
  outbox.add('bad', () => 'repaired');
  outbox.add('bad');
  outbox.add('b');
  outbox.flush();
  expect(sent).toEqual(['a', 'repaired', 'b', 'all']);
});
