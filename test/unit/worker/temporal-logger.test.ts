import { pino } from 'pino';
import { temporalLogger } from '../../../src/worker/temporal-logger';

function linesOf(
  write: (logger: ReturnType<typeof temporalLogger>) => void,
): { level: number; msg: string }[] {
  const lines: string[] = [];
  write(temporalLogger(pino({ level: 'info' }, { write: (line: string) => lines.push(line) })));
  return lines.map((line) => JSON.parse(line) as { level: number; msg: string });
}

describe('the log of Temporal’s worker', () => {
  it('has its warnings and errors in ours, with why', () => {
    const lines = linesOf((logger) => {
      logger.warn('slow', { workflowId: 'w' });
      logger.error('broken', { error: new Error('why') });
    });
    expect(lines).toMatchObject([
      { level: 40, msg: 'slow', workflowId: 'w' },
      { level: 50, msg: 'broken', reason: 'why' },
    ]);
  });

  it('has neither its chatter nor each first segment that lasts', () => {
    const lines = linesOf((logger) => {
      logger.info('polling');
      logger.warn('[TMPRL1104] run:4:1 Workflow task duration exceeded 5 seconds.');
    });
    expect(lines).toEqual([]);
  });
});
