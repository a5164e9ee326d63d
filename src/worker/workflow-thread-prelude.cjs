// Runs in a thread for workflows before the SDK does, which then gets nothing to follow promises with.
require('node:v8').promiseHooks = { createHook: () => () => undefined };
