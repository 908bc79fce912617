import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, NO_BROWSER } from '../../../test/chromium.ts';
import { button, card, choose, leads, playUntil, visit } from './browser.ts';
import { quorate } from './helpers.ts';

describe.skipIf(NO_BROWSER)('the page in which protocols run, for everyone', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'quorate-access-'));
  const address = pathToFileURL(join(cwd, 'play.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    expect(await quorate(['play'], { cwd })).toMatchObject({ code: 0, err: '' });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  // axe's own code is none that the page's policy would let in
  const look = (fragment: string, work: (page: Page) => Promise<void>) =>
    visit(browser, { address, fragment, bypassCSP: true }, work);

  /** What axe finds serious or critical, in both languages, in the light and in the dark, with everything unfolded. */
  async function wrongWith(page: Page): Promise<string[]> {
    await page.addScriptTag({ content: axe.source });
    const found: string[] = [];
    for (const language of ['English', '中文']) {
      await page.getByRole('button', { name: language }).click();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const wrong = await page.evaluate(seriousFindings);
        found.push(...wrong.map((one) => `${language}, ${colorScheme}: ${one}`));
      }
    }
    return found;
  }

  it.each([
    ['a recorded run', '#see=lesson%2Fraft%2Ffigure-8'],
    ['the list of lessons', '#learn'],
    ['the middle of a lesson with a crashed node', '#learn=raft%2Fleader-crash%233'],
    ['the end of a lesson, with a rule that broke', '#learn=two-phase-commit%2Fimpatient%232'],
    ['a run before it begins', '#run'],
  ])('axe finds nothing serious or critical, in both languages and schemes: %s', async (_, fragment) => {
    await look(fragment, async (page) => expect(await wrongWith(page)).toEqual([]));
  });

  it('axe finds nothing serious or critical in two runs under way, with a crashed node and a node cut off', async () => {
    await look('#run', async (page) => {
      await choose(page, 'Beside it', 'two-phase-commit');
      await playUntil(page, leads(page));
      await leads(page).first().click();
      await button(page, 'Crash').first().click();
      await page.locator('.cluster .node.tone-down').first().waitFor();
      await page.locator('.cluster .node.tone-follows').first().click();
      await button(page, 'Cut off from all').first().click();
      await page.locator('.cluster .wire.cut').first().waitFor();
      expect(await wrongWith(page)).toEqual([]);
      expect(await page.evaluate(namesakes)).toEqual([]);
    });
  });

  it('is large enough for fingers on a phone, and as wide as one', async () => {
    const phone = { address, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    for (const fragment of ['#run', '#learn=raft%2Ffigure-8%233'])
      await visit(browser, { ...phone, fragment }, async (page) => {
        expect(await page.evaluate(tooSmall)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      });
  });

  it('leads a reader from the opened page through a lesson to a new leader by the keyboard alone', async () => {
    await visit(browser, { address }, async (page) => {
      const press = (key: string) => page.keyboard.press(key);
      const pressed: string[] = [];
      /** Goes on with the Tab key (or back) to what bears a name; nobody should need more than two dozen. */
      const tabTo = async (name: string | RegExp, key = 'Tab') => {
        const seen: string[] = [];
        for (let i = 0; i < 24; i++) {
          await press(key);
          pressed.push(key);
          const focused = await page.evaluate(nameOfFocused);
          seen.push(focused);
          if (typeof name === 'string' ? focused === name : name.test(focused)) return;
        }
        throw new Error(`no ${name} within two dozen: ${seen.join(' | ')}`);
      };

      await tabTo('中文');
      await press('Enter');
      await page.getByRole('heading', { name: '亲自运行' }).waitFor();
      await tabTo('English', 'Shift+Tab');
      await press('Space');
      await page.getByRole('heading', { name: 'Run it yourself' }).waitFor();
      await tabTo('Learn', 'Shift+Tab');
      await press('Enter');
      await page.getByRole('heading', { name: 'Lessons' }).waitFor();
      await tabTo(/^An election/);
      await press('Enter');
      await page.getByText('Stop 1 of 6').waitFor();

      await tabTo('Next');
      for (let step = 2; step <= 6; step++) {
        await press('Enter');
        await page.getByText(`Stop ${step} of 6`).waitFor();
      }
      expect(await page.evaluate(nameOfFocused)).toContain('were made of the whole run, and all held');
      expect(await card(page, 3).textContent()).toContain('leader');

      await tabTo('Take over from here');
      await press('Space');
      await page.getByRole('heading', { name: 'Run it yourself' }).waitFor();
      await expect.poll(() => leads(page).count()).toBe(1);

      await tabTo('Speed');
      await press('End'); // the fastest
      await tabTo(/^Node 1, /);
      await press('ArrowRight');
      await press('ArrowRight');
      expect(await page.evaluate(nameOfFocused)).toBe('Node 3, leader, term 1');
      await press('Enter');
      await tabTo('Crash');
      await press('Enter');
      await page.locator('.cluster .node.tone-down').waitFor();
      await tabTo('Play', 'Shift+Tab');
      await press('Space');
      await leads(page).waitFor();
      await press('Space');
      await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
      expect(await leads(page).getAttribute('aria-label')).toMatch(/^Node [1245], leader, term [2-9]$/);
      expect(pressed.length).toBeLessThan(90);
    });
  });
});

/** What axe finds serious or critical in a page that has its script, each with the elements concerned. */
async function seriousFindings(): Promise<string[]> {
  for (const details of document.querySelectorAll('details')) details.open = true;
  const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
    resultTypes: ['violations'],
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Names that two regions or forms bear. */
function namesakes(): string[] {
  const names = [...document.querySelectorAll('section[aria-label], form[aria-label]')].map((region) =>
    region.getAttribute('aria-label'),
  );
  return names.filter((name, i): name is string => name !== null && names.indexOf(name) < i);
}

/** Controls of less than 44 pixels a side; not rows of lists, and not what only a keyboard brings into view. */
function tooSmall(): string[] {
  return [...document.querySelectorAll('.bar a, button, select, summary, input[type="range"]')]
    .filter((control) => control.closest('li > button') === null || control.closest('.operations') !== null)
    .filter((control) => {
      const { width, height } = control.getBoundingClientRect();
      return width > 0 && Math.min(width, height) < 43.5;
    })
    .map((control) => control.outerHTML.slice(0, 120));
}

/** The name of what has the focus: its own, that of its label, or its text. */
function nameOfFocused(): string {
  const { activeElement: element } = document;
  const own = element?.getAttribute('aria-label');
  const label = (element as HTMLSelectElement | null)?.labels?.[0]?.querySelector('span')?.textContent;
  return (own ?? label ?? element?.textContent ?? '').trim();
}
