import { causeOf } from '../../../src/activities/on-premise/cause-of';
import type { PerformError } from '../../../src/components/runner/contract';

const PORT = 41_234;
const way = (
  fault: { isLast: boolean; agoMs: number } | undefined,
  port = PORT,
  configVarKey = 'Database',
) => ({
  port,
  configVarKey,
  fault: fault && {
    reason: 'the other side cut the connection',
    isLast: fault.isLast,
    at: Date.now() - fault.agoMs,
  },
});
const LONG_AGO = { isLast: false, agoMs: 60_000 };
const JUST_NOW = { isLast: true, agoMs: 10 };
const error = (message: string, more: Partial<PerformError> = {}): PerformError => ({
  code: 'component_error',
  message,
  ...more,
});

describe('a fault of an on-premise connection', () => {
  it.each([
    error('read ECONNRESET'),
    error('Query failed', { details: { code: 'ECONNRESET' } }),
    error('socket hang up'),
    error('Connection terminated unexpectedly'),
    error('Connection is closed.'),
    error('Connection lost: The server closed the connection.'),
    error('Client network socket disconnected before secure TLS connection was established'),
    error('terminated'),
    error(`connect ECONNREFUSED 127.0.0.1:${PORT}`),
    error(`GET http://127.0.0.1:${PORT}/orders failed: no answer`),
    error('read ECONNRESET', { connectionConfigVar: 'Database' }),
  ])('is the cause of an error of networks, whenever it was: $message', (given) => {
    expect(causeOf(given, [way(LONG_AGO)])?.port).toBe(PORT);
    expect(causeOf(given, [way(undefined)])).toBeUndefined();
  });

  it('is the cause of an error that says nothing of networks only right behind it', () => {
    const given = error('Reached the limit of retries of one request');
    expect(causeOf(given, [way(JUST_NOW)])?.port).toBe(PORT);
    expect(causeOf(given, [way({ isLast: true, agoMs: 10_000 })])).toBeUndefined();
    expect(causeOf(given, [way({ isLast: false, agoMs: 10 })])).toBeUndefined();
  });

  it.each([
    error('The order has no lines.'),
    error('connect ECONNREFUSED 203.0.113.7:443'),
    error('connect ECONNREFUSED 2001:db8::7:443'),
    error('connect ECONNREFUSED 127.0.0.1:1234'),
    error('GET https://api.example.com/orders failed: socket hang up'),
    error('socket hang up', { details: { url: 'https://api.example.com/orders' } }),
    error(`GET http://127.0.0.1:${PORT}/orders answered 404 Not Found`, { details: { status: 404 } }),
    error('read ECONNRESET', { connectionConfigVar: 'Another' }),
    error('The call took longer than 60 s', { code: 'timeout' }),
  ])('is not the cause of what happened elsewhere: $message', (given) => {
    expect(causeOf(given, [way(LONG_AGO)])).toBeUndefined();
  });

  it('is that of the port that the error names, else the latest', () => {
    const ways = [way(LONG_AGO, 1111, 'One'), way(JUST_NOW, 2222, 'Two')];
    expect(causeOf(error('connect ECONNRESET 127.0.0.1:1111'), ways)?.port).toBe(1111);
    expect(causeOf(error('read ECONNRESET'), ways)?.port).toBe(2222);
  });
});
