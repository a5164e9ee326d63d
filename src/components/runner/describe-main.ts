import type { DescribeAnswer } from './describe-bundle';
import { describeError } from './describe-error';
import { forbidEscapes } from './forbidden';
import { type LoadedEntry, loadBundle } from './load-bundle';
import { takeNetwork } from './no-network';
import { assertBounded, toSendable } from './sendable';
import { nameUser } from './user-info';
import { watchParent } from './watch-parent';

/** The functions of a trigger that are announced by a flag, since functions are no data. */
const ANNOUNCED = {
  onInstanceDeploy: 'hasOnInstanceDeploy',
  onInstanceDelete: 'hasOnInstanceDelete',
  webhookCreate: 'hasWebhookCreateFunction',
  webhookDelete: 'hasWebhookDeleteFunction',
  resolveTriggerItems: 'hasResolveTriggerItems',
  getNextPaginationState: 'hasGetNextDiscoveryState',
  onDeployPerform: 'hasOnDeployPerform',
  resolveOnDeployItems: 'hasResolveOnDeployItems',
  getOnDeployNextPaginationState: 'hasGetOnDeployNextDiscoveryState',
} as const;

/** The entry of a process that loads one bundle, says what is in it, and ends. */
function main(): void {
  const channel = process.send?.bind(process);
  if (channel === undefined) throw new Error('This process is started by another, with a channel to it.');
  const exit = process.exit.bind(process);
  const answer = (message: DescribeAnswer): void => {
    channel(message, undefined, undefined, () => exit(0));
  };
  process.on('disconnect', () => exit(0));
  process.on('uncaughtException', (error) => answer({ ok: false, reason: reasonOf(error) }));
  // Only the module's own code counts, not what it began and did not wait for.
  process.on('unhandledRejection', () => {});
  openOutput();
  watchParent();
  takeNetwork();
  process.once('message', ({ path }: { path: string }) => {
    try {
      answer({ ok: true, component: describe(path) });
    } catch (error) {
      answer({ ok: false, reason: reasonOf(error) });
    }
  });
  nameUser();
  forbidEscapes();
  Object.assign(process, { send: undefined, disconnect: undefined });
}

/**
 * Node opens these streams when they are first read, through a handle that is refused from then on; many libraries
 * read them while they load.
 */
function openOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

function describe(path: string): unknown {
  const component = loadBundle(path);
  const faults = [
    ...missing('actions', component.actions),
    ...missing('triggers', component.triggers),
    ...missing('dataSources', component.dataSources),
  ];
  if (faults.length > 0) throw new Error(faults.join(' '));
  const triggers = Object.entries(component.triggers ?? {}).map(([key, trigger]) => [
    key,
    announced(trigger),
  ]);
  const described = { ...component, triggers: Object.fromEntries(triggers) };
  assertBounded(described);
  return toSendable(described);
}

function missing(table: string, entries: Record<string, LoadedEntry> | undefined): string[] {
  return Object.entries(entries ?? {})
    .filter(([, entry]) => typeof entry?.perform !== 'function')
    .map(([key]) => `${table}.${key} has no function "perform".`);
}

/** A flag counts only when its function is there. */
function announced(trigger: LoadedEntry): LoadedEntry {
  const flags = Object.entries(ANNOUNCED).map(([name, flag]) => [
    flag,
    (typeof trigger[name] === 'function' && trigger[flag] !== false) || undefined,
  ]);
  return { ...trigger, ...Object.fromEntries(flags) };
}

/** The message, and where in the bundle it was thrown. */
const reasonOf = (error: unknown): string => {
  const { message, stack } = describeError(error, (text) => text);
  const frame = stack?.split('\n').find((line) => !line.includes(__dirname) && !line.includes('node:'));
  return frame === undefined ? message : `${message} (${frame.trim()})`;
};

main();
