// Temporal's Web UI in a headless Chromium: $TENON_CHROMIUM_BIN, or the first of the usual names on the PATH.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const WIDTH = 1200;
/** What the Web UI draws after its last answer. */
const SETTLE_MS = 700;
const SEEN_WITHIN_MS = 20_000;

/** Opens a browser; each shot waits for the text that it is about, and fails without. */
export async function openWebUi(stack, fileOf) {
  // Chromium's own sandbox cannot be had by root, nor in most containers; only our own servers are visited.
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
  const pictures = [];
  const shoot = async (name, height) => {
    await page.waitForTimeout(SETTLE_MS);
    const path = fileOf(name);
    await page.screenshot({ path, clip: { x: 0, y: 0, width: WIDTH, height } });
    pictures.push(path);
  };
  // What was written in Markdown is in frames of its own.
  const sees = (text) =>
    Promise.any(
      [page, page.frameLocator('iframe').first(), page.frameLocator('iframe').last()].map((place) =>
        place.getByText(text).first().waitFor({ timeout: SEEN_WITHIN_MS }),
      ),
    ).catch(() => {
      throw new Error(`${page.url()} does not show ${text}.`);
    });
  return {
    pictures,
    signIn: () => signIn(page, stack, shoot),
    async shootList(name, query) {
      await page.goto(`${stack.temporalUi}/namespaces/default/workflows?query=${encodeURIComponent(query)}`);
      await sees('execution:');
      await shoot(name, 560);
    },
    async shootHistory(name, url, text) {
      await page.goto(url);
      await sees(text);
      await shoot(name, 800);
    },
    async shootDetails(name, url, text) {
      await page.goto(url.replace(/\/history$/, '/user-metadata'));
      await sees(text);
      await shoot(name, 800);
    },
    close: () => browser.close(),
  };
}

/** What the log-in page tells a person to do, step by step. */
async function signIn(page, { apiUrl, accessToken, temporalUi }, shoot) {
  await page.goto(`${apiUrl}/codec/login`);
  await page.getByLabel('Access token').fill(accessToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('status').waitFor();
  await shoot('codec-signed-in', 340);
  await page.goto(temporalUi);
  await page.getByRole('button', { name: /codec/i }).first().click();
  await page.getByText('Use Cluster-level setting, where available.').first().click();
  await page.getByText('Use my browser setting and ignore Cluster-level setting.').click();
  // Folds the choice up again, so that the picture shows what is below it.
  await page.getByText('Use my browser setting and ignore Cluster-level setting.').first().click();
  await page.getByPlaceholder('Paste your endpoint here').fill(`${apiUrl}/codec`);
  await page.getByText('Include cross-origin credentials').click();
  await shoot('codec-settings', 600);
  await page.getByTestId('confirm-data-encoder-button').click();
}

function findChromium() {
  const named = process.env.TENON_CHROMIUM_BIN;
  if (named) return named;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const found = NAMES.map((name) => join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  throw new Error(`No Chromium on the PATH (${NAMES.join(', ')}); name one in TENON_CHROMIUM_BIN.`);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
