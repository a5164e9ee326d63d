import { toldSteps, withinHistory } from '../../../src/activities/sharing/told-member';
import type { BatchMember, FinishedStepLine } from '../../../src/temporal/contract';

const line = (at: number): FinishedStepLine => ({ name: `Step ${at}`, state: 'ok', ms: at });
const member = (ran: string, steps: string): BatchMember => ({
  executionId: '01980000-0000-7000-8000-000000000001',
  ran,
  state: 'ok',
  ms: 1,
  steps,
});

describe('what Temporal is told of the steps of a batch’s member', () => {
  it('is their names and times, with the codes of those that failed', () => {
    const failed = { name: 'Post', state: 'ignored' as const, ms: 7, code: 'timeout' };
    expect(toldSteps({ steps: [line(1), failed] })).toBe('Step 1 1 ms, Post ignored: timeout 7 ms');
  });

  it('is the last ones of many, with how many came before', () => {
    const steps = Array.from({ length: 12 }, (_, at) => line(at));
    expect(toldSteps({ steps, untoldSteps: 30 })).toMatch(/^… 34 more, Step 4 4 ms, .*, Step 11 11 ms$/);
  });
});

describe('fifty members of a batch', () => {
  it('are told in full with names of the usual length', () => {
    const members = Array<BatchMember>(50).fill(
      member('Acme · Orders · Flow · v1', 'Trigger 1 ms, Post 20 ms'),
    );
    expect(withinHistory(members)).toEqual(members);
  });

  it('stay below 32 KB with the longest names of any script', () => {
    const members = Array<BatchMember>(50).fill(member('統'.repeat(150), '統'.repeat(400)));
    const told = withinHistory(members);
    expect(told).toHaveLength(50);
    expect(told[0]?.ran).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(32_000);
  });
});
