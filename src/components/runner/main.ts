// First: it takes the built-in objects as they are before any library adds to them.
import './intrinsics';
// Before the SDK is loaded.
import './put-off-libraries';
import { beginCall } from './begin-call';
import { captureOutput } from './capture-output';
import { containFaults } from './contain-faults';
import type { FromRunner, ToRunner } from './contract';
import { partEnvironments } from './environment';
import { forbidEscapes } from './forbidden';
import { lineNotes } from './line-notes';
import { applyRules } from './network/apply-rules';
import { denyEgress, installEgressGuard } from './network/egress-guard';
import { Outbox } from './outbox';
import { partTempFolders } from './part-temp-folders';
import { nameUser } from './user-info';
import { watchParent } from './watch-parent';

/** The entry of a runner process: it runs the code of components, and nothing else. */
function main(): void {
  const channel = process.send?.bind(process);
  if (channel === undefined) throw new Error('A runner is started by a worker, with a channel to it.');
  const outbox = new Outbox<FromRunner>(
    (messages) => {
      // A failed write means that the parent is gone: `disconnect` follows.
      if (process.connected) channel(messages, undefined, undefined, ignore);
    },
    () => lineNotes.clear(),
  );
  const send = (message: FromRunner): void => outbox.add(message);
  const exit = process.exit.bind(process);
  // The parent is gone: nobody waits for what still runs here.
  process.on('disconnect', () => exit(0));
  // A signal to the process group is the worker's to act on: it lets the calls here finish.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  watchParent();
  captureOutput();
  containFaults(send, exit);
  installEgressGuard();
  let ready: Promise<void> | undefined;
  const receive = (message: ToRunner): void => {
    if (message.type === 'ping') send(pong());
    else if (message.type === 'perform') void ready?.then(() => beginCall(message, outbox));
    else {
      const isFirst = ready === undefined;
      const applying = isFirst && message.rules ? applyRules(message.rules) : undefined;
      const denying = Promise.all([denyEgress(message.addresses), applying]).then(ignore);
      ready ??= denying;
      if (!isFirst) return;
      void ready.then(() => {
        send({ type: 'ready' });
        // The first call may never let go.
        outbox.flush();
      });
    }
  };
  process.on('message', (messages: ToRunner[]) => messages.forEach(receive));
  nameUser();
  forbidEscapes();
  partEnvironments();
  partTempFolders();
  // Component code talks to nobody but through its call.
  Object.assign(process, { send: undefined, disconnect: undefined });
}

function pong(): FromRunner {
  const { user, system } = process.cpuUsage();
  return { type: 'pong', rssBytes: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 };
}

function ignore(): void {}

try {
  main();
} catch (error) {
  // With a guard missing it must run nothing.
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
