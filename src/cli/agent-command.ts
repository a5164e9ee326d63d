import { AGENT_USAGE, readAgentOptions } from '../agent/agent-options';
import { runAgent } from '../agent/run-agent';
import { stopOnSignals } from '../config/stop-signals';
import type { CliHost } from './cli-host';

/** Runs the agent until it is asked to stop, and answers the exit code. */
export async function agentCommand(argv: readonly string[], host: CliHost): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    host.out(AGENT_USAGE);
    return 0;
  }
  let options: ReturnType<typeof readAgentOptions>;
  try {
    options = readAgentOptions(argv, process.env);
  } catch (error) {
    host.err(`tenon: ${error instanceof Error ? error.message : String(error)}\n\n${AGENT_USAGE}`);
    return 2;
  }
  const say = (line: string) => host.out(`${new Date().toISOString()} ${line}\n`);
  return runAgent(options, { stopping: stopOnSignals(), say });
}
