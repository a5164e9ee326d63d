// Runs in a thread for workflows before the SDK does, which then gets nothing to follow promises with.
require('node:v8').promiseHooks = { createHook: () => () => undefined };

// The SDK gives each call into a workflow a limit, for which Node.js starts and ends a thread of the system: twenty times
// what such a call takes. Ours run drivers alone, which have no loop that does not wait.
const { prototype } = require('node:vm').Script;
const { runInContext } = prototype;
prototype.runInContext = function run(context, options) {
  return runInContext.call(this, context, { ...options, timeout: undefined });
};
