// Loaded before a process of ours: at SIGUSR2 an error that nobody handles, of the kind that CRASH_KIND names.
process.on('SIGUSR2', () => {
  const error = new Error('planted');
  if (process.env.CRASH_KIND === 'unhandledRejection') void Promise.reject(error);
  else throw error;
});
