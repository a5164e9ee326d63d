// Run by mongosh: makes the one-member replica set, and waits until it can be written to.
const password = encodeURIComponent(process.env.TENON_MONGODB_PASSWORD);
const client = connect(`mongodb://tenon:${password}@mongodb:27017/admin?directConnection=true`);

try {
  client.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  client.adminCommand({ replSetInitiate: { _id: 'tenon', members: [{ _id: 0, host: 'mongodb:27017' }] } });
}

for (let tries = 0; !client.hello().isWritablePrimary; tries += 1) {
  if (tries === 60) throw new Error('The replica set has no primary after 30 s.');
  sleep(500);
}
