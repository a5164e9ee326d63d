import { parseArgs } from 'node:util';
import { bootstrapOwner } from './bootstrap-owner';

const USAGE =
  'Usage: node dist/admin/bootstrap.js --organization NAME --email OWNER_EMAIL [--name OWNER_NAME]';

/** Lets the first owner in: makes the organization, and prints an access token on standard output. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { organization: { type: 'string' }, email: { type: 'string' }, name: { type: 'string' } },
  });
  const { organization, email, name } = values;
  if (!organization || !email) throw new Error(USAGE);
  const owner = { organizationName: organization, ownerEmail: email, ownerName: name ?? email };
  const { accessToken } = await bootstrapOwner(process.env, owner);
  process.stdout.write(`${accessToken}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
