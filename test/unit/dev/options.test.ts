import { parseOptions } from '../../../src/dev/options';

const parse = (argv: string[], env: NodeJS.ProcessEnv = {}, cwd = '/checkout') =>
  parseOptions(argv, env, '/checkout', cwd);

describe('the options of npm start', () => {
  test('without any, the API is on 127.0.0.1:3000 and data are in .tenon of the checkout', () => {
    expect(parse([])).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      dataDir: '/checkout/.tenon',
      isOnce: false,
      isJson: false,
      mongodbPort: undefined,
    });
  });

  test('flags win over variables, and variables over the defaults', () => {
    const env = {
      TENON_PORT: '4000',
      TENON_DATA_DIR: '/data/a',
      TENON_MONGODB_PORT: '27017',
      TENON_HOST: '::1',
    };
    expect(parse([], env)).toMatchObject({ port: 4000, dataDir: '/data/a', mongodbPort: 27017, host: '::1' });
    expect(parse(['--port', '5000', '--data', 'elsewhere'], env)).toMatchObject({
      port: 5000,
      dataDir: '/checkout/elsewhere',
    });
  });

  test('an empty variable counts as none', () => {
    expect(parse([], { TENON_PORT: '', TENON_DATA_DIR: '' })).toMatchObject({
      port: 3000,
      dataDir: '/checkout/.tenon',
    });
  });

  test.each([
    ['npm, which went to the checkout', '/checkout', '/home/ada/data'],
    ['node itself, whatever an npm further up has said', '/srv/jobs', '/srv/jobs/data'],
  ])('a relative data folder counts from where the person is who called %s', (_who, cwd, dataDir) => {
    expect(parse(['--data', 'data'], { INIT_CWD: '/home/ada' }, cwd).dataDir).toBe(dataDir);
  });

  test.each([
    [['--data', ''], '--data wants the path of a folder, not an empty text.'],
    [['--data', '.'], 'The checkout itself cannot be the data folder; name another folder with --data.'],
  ])('%j is refused, since data must not lie between the sources', (argv, message) => {
    expect(() => parse(argv)).toThrow(expect.objectContaining({ name: 'DevError', message }));
  });

  test.each([
    [['--port', 'abc'], {}, '--port wants a port number from 1 to 65535, not "abc".'],
    [['--port', '70000'], {}, '--port wants a port number from 1 to 65535, not "70000".'],
    [[], { TENON_TEMPORAL_PORT: '0' }, 'TENON_TEMPORAL_PORT wants a port number from 1 to 65535, not "0".'],
    [['--verbose'], {}, "Unknown option '--verbose'; --help lists the options."],
    [['now'], {}, expect.stringMatching(/^Unexpected argument 'now'.*--help lists the options\.$/)],
  ])('%j with %j is refused in one sentence', (argv, env, message) => {
    expect(() => parse(argv, env)).toThrow(expect.objectContaining({ name: 'DevError', message }));
  });
});
