import { readAgentOptions } from '../../../src/agent/agent-options';

const ENV = {
  TENON_AGENT_URL: 'https://tenon.test/base',
  TENON_AGENT_TOKEN: 'jwt',
  TENON_AGENT_TARGET: 'db:5432',
};

describe('the options of an agent', () => {
  it('come from the environment, and from the command line over it', () => {
    const { url, token, target } = readAgentOptions(['--target', '[fd00::1]:1433'], ENV);
    expect([url.href, token]).toEqual(['https://tenon.test/base', 'jwt']);
    expect(target).toEqual({ host: 'fd00::1', port: 1433 });
    expect(readAgentOptions(['--name', 'Cellar'], ENV)).toMatchObject({
      name: 'Cellar',
      target: { host: 'db', port: 5432 },
    });
  });

  it.each([
    [[], {}, ['--url', '--target', 'token']],
    [['--url', 'ftp://x'], ENV, ['--url']],
    [['--target', 'db'], ENV, ['--target']],
    [['--target', 'db:70000'], ENV, ['--target']],
    [['--target', 'fd00::1:5432'], ENV, ['--target']],
  ])('are refused with every fault at once: %j', (argv, env, named) => {
    const read = () => readAgentOptions(argv, env);
    for (const name of named) expect(read).toThrow(name);
  });

  it('are refused when there are others', () => {
    expect(() => readAgentOptions(['--tunnel', 'x'], ENV)).toThrow('--tunnel');
  });
});
