import type { Env } from '../../../src/config/env';
import type { PlanFlow } from '../../../src/engine/plan';
import { memberExecution } from '../../../src/services/executions/fan-out/member-execution';
import { signLineage, verifyLineage } from '../../../src/services/executions/lineage';
import type { Execution } from '../../../src/store/models/execution.model';

const user = { id: 'u', revision: 3 };
const run = {
  _id: '0190a000-0000-7000-8000-000000000000',
  instanceId: 'i',
  flowConfigId: 'f',
  acceptedAt: new Date(),
  request: { headers: [] },
  user,
} as unknown as Execution;

describe('the user of a run', () => {
  it('is that of the runs which get its items', () => {
    const member = memberExecution(run, {} as PlanFlow, { page: 0, place: 1 }, [1]);
    expect(member.user).toEqual(user);
  });

  it('goes with its calls to flows of its own instance, by a token that nobody else can make', async () => {
    const env = { TENON_JWT_SECRET: { reveal: () => 's'.repeat(64) } } as unknown as Env;
    const token = signLineage(env, run);
    const header = (jwt: string) => JSON.stringify({ invokedByExecutionJWT: jwt });
    expect(await verifyLineage(env, header(token), 'i')).toMatchObject({ executionId: run._id, user });
    expect(await verifyLineage(env, header(token), 'another')).toBeUndefined();
    const [head, claims, signature] = token.split('.');
    const other = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, unknown>;
    other['usr'] = { id: 'v', revision: 1 };
    const forged = [head, Buffer.from(JSON.stringify(other)).toString('base64url'), signature].join('.');
    expect(await verifyLineage(env, header(forged), 'i')).toBeUndefined();
  });
});
