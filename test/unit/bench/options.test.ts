import { join } from 'node:path';
import { HELP, parseOptions } from '../../bench/options';

const namesOf = (argv: string[], env: NodeJS.ProcessEnv = {}) => {
  const { works, studies } = parseOptions(argv, env);
  return { works: works.map(({ name }) => name), studies: studies.map(({ name }) => name) };
};

describe('what the bench is asked for', () => {
  test('is every work but the optional one, in the order of the list, when nothing is named', () => {
    const works = ['W0', 'W3', 'W3-sync', 'LOOP', 'BIG', 'BURST', 'SPREAD', 'SLOW'];
    expect(namesOf([])).toEqual({ works, studies: [] });
    expect(parseOptions([], {})).toMatchObject({ isHelp: false, jsonFile: undefined, seconds: 10 });
    for (const name of works) expect(HELP).toContain(`  ${name.padEnd(8)} `);
  });

  test('is one work when it is named, in whichever case, or several in the order of their names', () => {
    expect(namesOf(['W3'])).toEqual({ works: ['W3'], studies: [] });
    expect(namesOf(['w3-SYNC'])).toEqual({ works: ['W3-sync'], studies: [] });
    expect(namesOf(['SLOW', 'W0', 'W3-http'])).toEqual({ works: ['SLOW', 'W0', 'W3-http'], studies: [] });
  });

  test('is a study only when it is named', () => {
    expect(namesOf(['BORDER', 'W0'])).toEqual({ works: ['W0'], studies: ['BORDER'] });
  });

  test('goes to a file that is named from where npm was called', () => {
    expect(parseOptions(['W3', '--json', 'out.json'], { INIT_CWD: '/somewhere' }).jsonFile).toBe(
      join('/somewhere', 'out.json'),
    );
    expect(parseOptions(['--json=out.json'], {}).jsonFile).toBe(join(process.cwd(), 'out.json'));
    expect(parseOptions(['--json', '/there/out.json'], { INIT_CWD: '/somewhere' }).jsonFile).toBe(
      '/there/out.json',
    );
  });

  test('takes as long as the environment says', () => {
    expect(parseOptions([], { TENON_BENCH_SECONDS: '2.5' }).seconds).toBe(2.5);
    expect(parseOptions([], { TENON_BENCH_SECONDS: '' }).seconds).toBe(10);
  });

  test.each([
    [['W9'], {}, 'There is no work "W9"; there are W0, W3, W3-sync,'],
    [['W0', '--jsn', 'x'], {}, "Unknown option '--jsn'; --help lists the options."],
    [['--json'], {}, '; --help lists the options.'],
    [['W0'], { TENON_BENCH_SECONDS: '0' }, 'TENON_BENCH_SECONDS wants a number of 1 to 600.'],
    [['W0'], { TENON_BENCH_SECONDS: '601' }, 'TENON_BENCH_SECONDS wants a number of 1 to 600.'],
    [['W0'], { TENON_BENCH_SECONDS: 'ten' }, 'TENON_BENCH_SECONDS wants a number of 1 to 600.'],
  ])('%j with %j is refused in one sentence', (argv, env, sentence) => {
    expect(() => parseOptions(argv, env)).toThrow(sentence);
  });
});
