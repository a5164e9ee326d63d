// Loaded before a process of ours: at SIGUSR2 it tells its parent which number Node.js has given to a promise, 0 for none.
const { executionAsyncId } = require('node:async_hooks');

process.on('SIGUSR2', () => {
  void Promise.resolve().then(() => process.send({ type: 'promiseId', id: executionAsyncId() }));
});
