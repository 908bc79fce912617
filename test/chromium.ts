import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/*
 * Debian's Chromium for tests of pages, from the file system. They are skipped with a message where there is none, unless
 * QUORATE_REQUIRE_BROWSER is set: then they fail.
 */
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether tests in a browser are to be skipped. */
export const NO_BROWSER: boolean = !existsSync(executablePath) && !process.env.QUORATE_REQUIRE_BROWSER;
if (NO_BROWSER)
  process.stderr.write(`browser tests skipped, no Chromium at ${executablePath} (set CHROMIUM_PATH)\n`);

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}
