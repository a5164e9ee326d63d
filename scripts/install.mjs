import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showProgress } from './progress.mjs';
import { run } from './run.mjs';

/** Installs the dependencies when some are missing or have another version than `package-lock.json` says. */
export async function installDependencies(checkout) {
  const locked = packagesOf(join(checkout, 'package-lock.json'));
  if (locked === undefined)
    throw new Error('package-lock.json cannot be read; restore it from the repository.');
  const installed = packagesOf(join(checkout, 'node_modules', '.package-lock.json')) ?? {};
  const wanted = Object.entries(locked).filter(([path, entry]) => path !== '' && !isOptional(entry));
  if (wanted.every(([path, entry]) => isInstalled(checkout, path, entry, installed[path]))) return;

  const done = showProgress('Installing the dependencies with npm', () => {
    const present = wanted.filter(([path]) => existsSync(join(checkout, path, 'package.json'))).length;
    return `${present} of ${wanted.length} packages`;
  });
  try {
    // Takes the locked versions as `npm ci` does, but bears a lock file without the builds for other systems,
    // which npm writes when a registry lacks some of them. `--no-save` leaves the lock file as it is.
    const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    // Started by `npm start`, this is that npm; else the one on the PATH.
    const npm = process.env.npm_execpath;
    if (npm?.endsWith('npm-cli.js')) await run(process.execPath, [npm, ...args], { cwd: checkout });
    else await run('npm', args, { cwd: checkout });
  } catch (error) {
    if (error.isInterrupted) throw error;
    throw new Error(`The dependencies could not be installed (npm install: ${error.message}).`, {
      cause: error,
    });
  } finally {
    done();
  }
}

function isInstalled(checkout, path, entry, found) {
  if (entry.link) return true;
  return found?.version === entry.version && existsSync(join(checkout, path));
}

/** Those of other systems are in the lock file too. */
function isOptional(entry) {
  return entry.optional === true || entry.devOptional === true || entry.peer === true;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
