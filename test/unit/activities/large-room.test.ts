import { setTimeout as sleep } from 'node:timers/promises';
import { LargeRoom } from '../../../src/activities/large-room';

/** What is in the room, in order of entering; each leaves by its name. */
function room() {
  const large = new LargeRoom();
  const inside: string[] = [];
  const leaves = new Map<string, () => void>();
  const enter = async (name: string, customer: string, mb: number) => {
    leaves.set(name, await large.enter(customer, mb * 1024));
    inside.push(name);
  };
  const leave = async (name: string) => {
    leaves.get(name)?.();
    inside.splice(inside.indexOf(name), 1);
    await sleep(5);
  };
  return { enter, inside, leave };
}

describe('the room for large bodies', () => {
  it('takes as many as it has megabytes, in order, and a larger one alone', async () => {
    const { enter, inside, leave } = room();
    const all = [
      enter('three', 'a', 3),
      enter('four', 'b', 4),
      enter('fifty', 'c', 50),
      enter('one', 'd', 1),
    ];
    await sleep(5);
    expect(inside).toEqual(['three', 'four']);
    for (const name of ['three', 'four']) await leave(name);
    expect(inside).toEqual(['fifty']);
    await leave('fifty');
    expect(inside).toEqual(['one']);
    await Promise.all(all);
  });

  it('is shared by turns: the many of one customer hold up one of another for one turn', async () => {
    const { enter, inside, leave } = room();
    const many = [0, 1, 2, 3, 4, 5].map((number) => enter(`many-${number}`, 'many', 8));
    await sleep(5);
    const other = enter('other', 'other', 8);
    await leave('many-0');
    expect(inside).toEqual(['many-1']);
    await leave('many-1');
    expect(inside).toEqual(['other']);
    await leave('other');
    for (const number of [2, 3, 4, 5]) await leave(`many-${number}`);
    await Promise.all([...many, other]);
  });

  it('is left once, however often that is said', async () => {
    const large = new LargeRoom();
    const leave = await large.enter('a', 8 * 1024);
    leave();
    leave();
    await large.enter('a', 8 * 1024);
    const third = large.enter('a', 8 * 1024).then(() => 'in');
    expect(await Promise.race([third, sleep(20).then(() => 'waits')])).toBe('waits');
  });
});
