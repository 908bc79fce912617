import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderReport } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResults } from './sample-results.ts';

/*
 * The page in Debian's Chromium, from the file system. Skipped with a message where there is none, unless
 * QUORATE_REQUIRE_BROWSER is set: then it fails.
 */
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
const required = Boolean(process.env.QUORATE_REQUIRE_BROWSER);
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

if (!present && !required) {
  process.stderr.write(
    `report: browser tests skipped, no Chromium at ${executablePath} (set CHROMIUM_PATH)\n`,
  );
}

describe.skipIf(!present && !required)('the report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(file, renderReport(sampleResults(), await bundlePage()));
    browser = await chromium.launch({ executablePath, args: flags });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report and gives it to `work`; then nothing may have gone wrong, and nothing but the file been asked for. */
  async function visit(colorScheme: 'light' | 'dark', work: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1024, height: 900 } });
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const address = pathToFileURL(file).href;
    await page.goto(address);
    await page.waitForSelector('html.live');
    await work(page);
    await page.close();
    expect(wrong).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([address]);
  }

  it.each([
    { colorScheme: 'light', widths: [1600, 390] },
    { colorScheme: 'dark', widths: [1024, 390] },
  ] as const)(
    'draws every chart in $colorScheme at $widths pixels, and nothing sticks out',
    async (setting) => {
      await visit(setting.colorScheme, async (page) => {
        for (const width of setting.widths) {
          await page.setViewportSize({ width, height: 900 });
          await expect.poll(async () => Math.min(...(await inkedPixels(page)))).toBeGreaterThan(400);
          expect(await inkedPixels(page)).toHaveLength(24);
          const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          expect(widths).toEqual([width, width]);
        }
      });
    },
  );

  it('comes to life without a change to its text', async () => {
    await visit('light', async (page) => {
      const [still, live] = await page.evaluate(
        (html) => [
          new DOMParser().parseFromString(html, 'text/html').querySelector('#report')!.textContent,
          document.querySelector('#report')!.textContent,
        ],
        readFileSync(file, 'utf8'),
      );
      expect(live).toBe(still);
    });
  });

  it('redraws when the colour scheme changes, and in light colours for paper, with the commands shown', async () => {
    await visit('light', async (page) => {
      const light = await firstChart(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.poll(() => firstChart(page)).not.toBe(light);
      const dark = await firstChart(page);

      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      expect(await page.locator('details.how:not([open])').count()).toBe(0);
      expect(await firstChart(page)).not.toBe(dark);
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      expect(await page.locator('details.how[open]').count()).toBe(0);

      await page.emulateMedia({ colorScheme: 'light' });
      await expect.poll(() => firstChart(page)).toBe(light);
    });
  });

  it('is led by the keyboard: past the contents first, then tables sort, and say so', async () => {
    await visit('light', async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Skip to the content');

      const table = page.locator('#cost table');
      const column = () => table.locator('tbody tr td:nth-child(3) .digits').allInnerTexts();
      const header = table.getByRole('columnheader', { name: 'Messages' });
      expect(await column()).toEqual(['4', '6', '8', '12', '12', '18']);
      await header.getByRole('button').press('Enter');
      expect(await header.getAttribute('aria-sort')).toBe('ascending');
      await header.getByRole('button').press('Enter');
      expect(await header.getAttribute('aria-sort')).toBe('descending');
      expect(await column()).toEqual(['18', '12', '12', '8', '6', '4']);

      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save all results as CSV' }).press('Enter');
      expect((await waiting).suggestedFilename()).toBe('quorate-results.csv');
    });
  });
});

/** For each chart, how many of its pixels are not empty. Read from a copy, as reading from the chart itself brings a warning. */
function inkedPixels(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    Array.from(document.querySelectorAll('canvas'), (canvas) => {
      const copy = document.createElement('canvas');
      copy.width = canvas.width;
      copy.height = canvas.height;
      const context = copy.getContext('2d', { willReadFrequently: true })!;
      context.drawImage(canvas, 0, 0);
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      let inked = 0;
      for (let i = 3; i < data.length; i += 4) inked += Number(data[i]! > 0);
      return inked;
    }),
  );
}

function firstChart(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector('canvas')!.toDataURL());
}
