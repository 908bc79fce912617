import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderReport } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, NO_BROWSER } from '../../../test/chromium.ts';
import { EVIL, poisoned } from './hostile.ts';
import { sampleChanges } from './sample-findings.ts';
import { sampleResults, smallResults } from './sample-results.ts';

describe.skipIf(NO_BROWSER)('the report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-report-'));
  const file = join(folder, 'report.html');
  const smallFile = join(folder, 'small.html');
  const evilFile = join(folder, 'a b%20<i>#\u202E.html');
  let browser: Browser;

  beforeAll(async () => {
    const assets = await bundlePage();
    writeFileSync(file, renderReport(sampleResults(), assets));
    writeFileSync(smallFile, renderReport(smallResults(), assets));
    const runs = EVIL.map((evil) => poisoned(sampleResults(), evil));
    const more = { labels: EVIL, changes: sampleChanges(runs[0]!.experiments) };
    writeFileSync(evilFile, renderReport(runs, assets, more));
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report and gives it to `work`; then nothing may have gone wrong, and nothing but the file been asked for. */
  async function visit(
    colorScheme: 'light' | 'dark',
    work: (page: Page) => Promise<void>,
    at: { readonly path?: string; readonly query?: string; readonly locale?: string } = {},
  ): Promise<void> {
    const { path = file, query = '', locale = 'en-GB' } = at;
    const context = await browser.newContext({ colorScheme, locale, viewport: { width: 1024, height: 900 } });
    const page = await context.newPage();
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    const address = pathToFileURL(path).href + query;
    await page.goto(address);
    await page.waitForSelector('html.live');
    await work(page);
    await context.close();
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
          expect(await inkedPixels(page)).toHaveLength(28);
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

  it.each(['en-GB', 'zh-CN'])(
    'has nothing that axe finds serious or critical, light and dark, in %s',
    async (locale) => {
      // axe's own code is none that the page's policy would let in
      const context = await browser.newContext({ locale, bypassCSP: true });
      const page = await context.newPage();
      await page.goto(pathToFileURL(smallFile).href);
      await page.waitForSelector('html.live');
      await page.addScriptTag({ content: axe.source });
      await page.evaluate(() => {
        for (const details of document.querySelectorAll('details')) details.open = true;
      });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await page.evaluate(seriousFindings), colorScheme).toEqual([]);
      }
      await context.close();
    },
    30_000,
  );

  it("speaks the reader's language, switches without a reload, and remembers it", async () => {
    await visit(
      'light',
      async (page) => {
        expect(await page.locator('#summary h2').textContent()).toBe('摘要');
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
        const chinese = await firstChart(page);
        await page.getByRole('button', { name: 'English' }).click();
        expect(await page.locator('#summary h2').textContent()).toBe('Summary');
        expect(await page.evaluate(() => [document.documentElement.lang, document.title])).toEqual([
          'en',
          'Raft · Two-phase commit: a Quorate report',
        ]);
        await expect.poll(() => firstChart(page)).not.toBe(chinese); // its axis has words
        await page.getByRole('button', { name: '中文' }).click();
        expect(await page.title()).toContain('Quorate 报告');
        expect(await page.evaluate(() => localStorage.getItem('quorate.language'))).toBe('zh');
      },
      { locale: 'zh-CN' },
    );
    await visit(
      'light',
      async (page) => expect(await page.locator('#summary h2').textContent()).toBe('摘要'),
      { query: '?lang=zh' },
    );
  });

  it('shows hostile strings as text, from results and from file names, and runs none of them', async () => {
    await visit(
      'light',
      async (page) => {
        expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
        expect(await page.locator('img, #report script').count()).toBe(0);
        for (const evil of EVIL) expect(await page.locator('main').textContent()).toContain(evil);
        expect(Math.min(...(await inkedPixels(page)))).toBeGreaterThan(400);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect(widths[0]).toBe(widths[1]);
      },
      { path: evilFile },
    );
  }, 30_000);

  it('saves a chart as PNG', async () => {
    await visit('light', async (page) => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save as PNG' }).first().click();
      const download = await waiting;
      expect(download.suggestedFilename()).toBe('quorate-steady-median-sim.png');
      const bytes = readFileSync((await download.path())!);
      expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
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

/** What axe finds serious or critical in a page that has its script, each with the elements concerned. */
async function seriousFindings(): Promise<string[]> {
  const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
    resultTypes: ['violations'],
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

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
