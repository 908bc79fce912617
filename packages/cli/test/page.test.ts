import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Experiment, runComparison, scenarioNamed } from '@quorate/bench';
import { raft } from '@quorate/raft';
import { renderReport } from '@quorate/report';
import { optionsOf, readRunFile, simulate } from '@quorate/simulator';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageWith } from '../src/page.ts';
import { PROTOCOLS } from '../src/protocols.ts';
import { quorate } from './helpers.ts';

/*
 * The page in which protocols run, in Debian's Chromium, from the file system. Skipped with a message where there is none, unless
 * QUORATE_REQUIRE_BROWSER is set: then it fails.
 */
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const present = existsSync(executablePath);
const required = Boolean(process.env.QUORATE_REQUIRE_BROWSER);
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
];
if (!present && !required)
  process.stderr.write(`cli: browser tests skipped, no Chromium at ${executablePath} (set CHROMIUM_PATH)\n`);

const BY_NAME = { raft, 'two-phase-commit': twoPhaseCommit } as const;

describe.skipIf(!present && !required)('the page in which protocols run', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'quorate-play-'));
  const address = pathToFileURL(join(cwd, 'play.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const { code, err } = await quorate(['play'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  /** Opens the page at a fragment; afterwards nothing may have gone wrong, and nothing but the file been asked for. */
  async function visit(fragment: string, work: (page: Page) => Promise<void>, file = address): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    page.setDefaultTimeout(60_000);
    const wrong: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`${file}${fragment}`);
    await page.waitForSelector('html.live');
    await work(page);
    await page.close();
    expect(wrong).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('blob:') && !url.startsWith(file))).toEqual([]);
  }

  const choose = (page: Page, label: string, value: string) =>
    page.getByRole('combobox', { name: label, exact: true }).selectOption(value);
  const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true });
  /** Lets virtual time pass until something is there to be seen. */
  async function playUntil(page: Page, there: Locator): Promise<void> {
    await choose(page, 'Speed', '500000');
    await button(page, 'Play').click();
    await there.first().waitFor();
    const pause = button(page, 'Pause');
    if (await pause.isVisible()) await pause.click();
  }
  const leads = (page: Page) => page.locator('.cluster .node.tone-leads');
  const card = (page: Page, node: number) => page.locator('.node-card').nth(node - 1);

  /** Saves the run as a file and returns its path. */
  async function save(page: Page): Promise<string> {
    const waiting = page.waitForEvent('download');
    await button(page, 'Save as file').click();
    const path = join(cwd, `run-${Math.floor(performance.now() * 1000)}.json`);
    await (await waiting).saveAs(path);
    return path;
  }

  /** What the command line says of a saved run: its trace hash must be the one that the page had. */
  async function replayed(path: string): Promise<string> {
    const { traceHash } = readRunFile(JSON.parse(readFileSync(path, 'utf8')));
    const { out, err } = await quorate(['replay', path], { cwd });
    expect(err).toBe('');
    expect(out).toContain(`trace hash ${traceHash}, the same as when it was found`);
    return out;
  }

  it('elects a new leader after the leader was crashed by a click, and the command line replays it', async () => {
    await visit('#run', async (page) => {
      await playUntil(page, leads(page));
      const first = await leads(page).locator('.number').innerHTML();
      await leads(page).click();
      await button(page, 'Crash').click();
      await page.locator('.cluster .node.tone-down').waitFor();
      expect(await leads(page).count()).toBe(0);
      await playUntil(page, leads(page));
      expect(await leads(page).locator('.number').innerHTML()).not.toBe(first);
      await button(page, 'End').click();
      await expect.poll(() => page.locator('.cluster .node.tone-down').count()).toBe(0);
      const path = await save(page);
      const run = readRunFile(JSON.parse(readFileSync(path, 'utf8')));
      expect(run.options.faults!.events).toMatchObject([{ kind: 'crash', node: Number(first) }]);
      await replayed(path);
    });
  });

  it('lets a minority refuse once its links are cut', async () => {
    await visit('#run', async (page) => {
      await choose(page, 'Nodes', '3');
      await choose(page, 'Clients', 'none');
      await playUntil(page, leads(page));
      const leader = Number(await leads(page).locator('.number').innerHTML());
      for (const other of [1, 2, 3].filter((node) => node !== leader)) {
        const [a, b] = [Math.min(leader, other), Math.max(leader, other)];
        await page.getByRole('button', { name: `Link between ${a} and ${b}`, exact: true }).focus();
        await page.keyboard.press('Enter');
        await button(page, 'Cut').click();
      }
      expect(await page.locator('.cluster .wire.cut').count()).toBe(2);
      await choose(page, 'At', String(leader));
      await button(page, 'Send').click();
      await page.locator('.operations .is-pending').waitFor();
      await playUntil(page, card(page, leader).filter({ hasNotText: 'leader' })); // no majority answers it: it steps down
      await playUntil(page, leads(page)); // and the majority has a leader
      expect(await leads(page).locator('.number').innerHTML()).not.toBe(String(leader));
      expect(await page.locator('.operations .is-ok').count()).toBe(0);
      await replayed(await save(page));
    });
  });

  it('shows the participants blocked after 2PC’s coordinator was crashed by a click', async () => {
    await visit('#run', async (page) => {
      await choose(page, 'Protocol', 'two-phase-commit');
      await choose(page, 'Nodes', '3');
      await choose(page, 'Clients', 'none');
      await choose(page, 'At', '1');
      await button(page, 'Send').click();
      // on until the votes are under way: both others are prepared then, and the coordinator has decided nothing
      const prepared = page.locator('.node-card', { hasText: 'PREPARED' });
      for (let i = 0; i < 60 && (await prepared.count()) < 3; i++) await button(page, 'One event on').click();
      await page.getByRole('button', { name: /^Node 1, / }).click();
      await button(page, 'Crash').click();
      await playUntil(page, card(page, 2).filter({ hasText: 'in doubt too long1' }));
      await expect.poll(() => page.locator('.cluster .node.tone-doubt').count()).toBe(2);
      await replayed(await save(page));
    });
  });

  it.each(['raft', 'two-phase-commit'] as const)(
    '%s, one seed: the same trace hash in the page and in Node, by file and by link',
    async (name) => {
      await visit('#run', async (page) => {
        await choose(page, 'Protocol', name);
        await choose(page, 'Clients', 'busy');
        await choose(page, 'Speed', '500000');
        await button(page, 'Play').click();
        await expect
          .poll(async () => Number.parseFloat((await page.locator('.moment').textContent()) ?? ''))
          .toBeGreaterThan(400);
        await button(page, 'Pause').click();
        const run = readRunFile(JSON.parse(readFileSync(await save(page), 'utf8')));
        expect(simulate(optionsOf(run, BY_NAME[name])).traceHash).toBe(run.traceHash);

        await button(page, 'Link to this run').click();
        const link = await page.locator('.link input').inputValue();
        const moment = await page.locator('.moment').textContent();
        await visit(new URL(link).hash, async (other) => {
          await expect.poll(() => other.locator('.moment').textContent()).toBe(moment);
          const opened = readRunFile(JSON.parse(readFileSync(await save(other), 'utf8')));
          expect(opened.traceHash).toBe(run.traceHash);
        });
      });
    },
  );

  it('refuses a link and a file that are no run, and says so', async () => {
    await visit('#run=bm8gcnVu', async (page) => {
      await page.getByRole('alert').filter({ hasText: 'This is no run that can be opened here' }).waitFor();
    });
  });

  it('runs two protocols side by side on one seed and one clock, and breaks both at once', async () => {
    await visit('#run', async (page) => {
      await choose(page, 'Beside it', 'two-phase-commit');
      await page.locator('.stage').nth(1).waitFor();
      await page.locator('.stage').first().locator('.cluster .node').first().click();
      await button(page.locator('.stage').first(), 'Crash').click();
      await expect.poll(() => page.locator('.cluster .node.tone-down').count()).toBe(2);
    });
  });

  it('takes a reader through a lesson by keyboard alone', async () => {
    await visit('#learn', async (page) => {
      await page.getByRole('link', { name: /^An election/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Stop 1 of 6').waitFor();
      const tabTo = async (name: string) => {
        for (let i = 0; i < 40; i++) {
          await page.keyboard.press('Tab');
          const focused = await page.evaluate(() => document.activeElement?.textContent ?? '');
          if (focused === name) return;
        }
        throw new Error(`no "${name}" within forty tabs`);
      };
      await tabTo('Next');
      for (let step = 2; step <= 6; step++) {
        await page.keyboard.press('Enter');
        await page.getByText(`Stop ${step} of 6`).waitFor();
      }
      await page.getByText('were checked after every step, and all held').waitFor();
      expect(await card(page, 3).textContent()).toContain('leader');
      await tabTo('Take over from here').catch(() => button(page, 'Take over from here').focus());
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Run it yourself' }).waitFor();
      await expect.poll(() => leads(page).count()).toBe(1);
    });
  });

  it('tells everything in Chinese too', async () => {
    await visit('#learn=two-phase-commit%2Fblocked', async (page) => {
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByText('第 1 站，共 5 站').waitFor();
      await button(page, '下一步').click();
      await page.getByText('第二个客户端要在节点 1 写 x').waitFor();
    });
  });

  it('takes keys and values for what they are: text', async () => {
    await visit('#run', async (page) => {
      await page.getByRole('textbox', { name: 'Key', exact: true }).fill('<script>alert(1)</script>');
      await page.getByRole('textbox', { name: 'Value', exact: true }).fill('<img src=x onerror=alert(2)>');
      await button(page, 'Send').click();
      await page
        .locator('.operations')
        .getByText('put <script>alert(1)</script> = <img src=x onerror=alert(2)>')
        .waitFor();
      expect(await page.locator('.workshop script, .workshop img').count()).toBe(0);
    });
  });

  describe('in a report', () => {
    const report = pathToFileURL(join(cwd, 'report.html')).href;
    const recorded = new Map<string, Experiment>();

    beforeAll(async () => {
      const results = await runComparison({
        protocols: PROTOCOLS.filter(({ protocol }) => protocol.name === 'raft'),
        scenarios: ['steady', 'leader-crash'].map(scenarioNamed),
        mode: 'sim',
        settings: { quick: true, seeds: 2, keys: 1000, valueBytes: 16, rates: [1000] },
        quorateVersion: '0',
        command: 'a test',
        threads: 0,
      });
      for (const row of results.experiments) recorded.set(row.scenario, row);
      writeFileSync(join(cwd, 'report.html'), renderReport(results, await pageWith(PROTOCOLS)));
    });

    const sameRun = (page: Page, scenario: string) =>
      page
        .getByText(
          `trace hash ${recorded.get(scenario)!.recorded!.traceHash}, the same as when it was measured`,
        )
        .waitFor();

    it('leads from an outlier to its own path', async () => {
      await visit(
        '#see=steady%2Fraft%3Ap99.9',
        async (page) => {
          await sameRun(page, 'steady');
          await page.getByRole('region', { name: 'The way of one operation' }).waitFor();
          const legs = await page.locator('.path li').allTextContents();
          expect(legs.length).toBeGreaterThan(3);
          expect(legs.join()).toContain('waits for its disk');
          await page.getByRole('button', { name: /^Slowest/ }).click();
          await page.getByRole('button', { name: /^Slowest/, pressed: true }).waitFor();
        },
        report,
      );
    });

    it('leads from a point of a latency chart to such an operation, and back to where one was reading', async () => {
      await visit(
        '#steady',
        async (page) => {
          const chart = page.getByRole('img', { name: /^99th percentile by load/ });
          await chart.scrollIntoViewIfNeeded();
          const reading = await page.evaluate(() => scrollY);
          await clickPoint(page, chart);
          await page.getByRole('region', { name: 'The way of one operation' }).waitFor();
          expect(new URL(page.url()).hash).toBe('#see=steady%2Fraft%3Ap99');
          await page.getByRole('button', { name: /^p99: /, pressed: true }).waitFor();
          await page.goBack();
          await expect.poll(() => page.evaluate(() => scrollY)).toBe(reading);

          await page.getByText('seed 1, 1,000/s offered').waitFor();
          await page.getByRole('link', { name: 'Raft, slowest' }).press('Enter');
          await page.getByRole('button', { name: /^Slowest/, pressed: true }).waitFor();
        },
        report,
      );
    });

    it('leads from a moment of a timeline to that moment of the very run that is drawn', async () => {
      const crash = recorded.get('leader-crash')!;
      expect(crash.notes).toContain(
        `The timeline is that of seed ${crash.recorded!.options.seed}, the median run.`,
      );
      await visit(
        '#leader-crash',
        async (page) => {
          const chart = page.getByRole('img', { name: /operations completed and/ });
          await chart.scrollIntoViewIfNeeded();
          const { width, height } = (await chart.boundingBox())!;
          await chart.click({ position: { x: width / 2, y: height / 2 } });
          await sameRun(page, 'leader-crash');
          const [, moment] = /^#see=leader-crash%2Fraft%3Aat(\d+)$/.exec(new URL(page.url()).hash)!;
          expect(Math.abs(Number(moment) - 4_500)).toBeLessThan(500);
          await expect.poll(() => clockOf(page)).toBe(Number(moment));
          await page.goBack();
          const fault = crash.timeline!.events.find(({ kind }) => kind === 'fault')!;
          await page.locator('#leader-crash .event-fault + .at a').first().click();
          await expect.poll(() => clockOf(page)).toBe(Math.round(fault.atMilliseconds));
        },
        report,
      );
    });

    it('leaves no English unmarked in Chinese', async () => {
      await visit(
        '?lang=zh',
        async (page) => {
          await page.getByText('谁在哪方面最好').waitFor();
          expect(await page.evaluate(englishLeft)).toEqual([]);
        },
        report,
      );
    });
  });
});

/** Clicks on the first point of a chart that leads somewhere: where the pointer says so. */
async function clickPoint(page: Page, chart: Locator): Promise<void> {
  const { x, y, width, height } = (await chart.boundingBox())!;
  for (let down = 8; down < height; down += 14) {
    for (let right = 56; right < width; right += 14) {
      await page.mouse.move(x + right, y + down);
      if ((await chart.evaluate((canvas: HTMLCanvasElement) => canvas.style.cursor)) !== 'pointer') continue;
      return page.mouse.click(x + right, y + down);
    }
  }
  throw new Error('no point of the chart leads anywhere');
}

/** Texts of the report that are English and not marked as such; commands are what they are. */
function englishLeft(): string[] {
  const left: string[] = [];
  const walk = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { textContent, parentElement } = walk.currentNode;
    if (parentElement!.closest('code, [lang]:not(html)') !== null) continue;
    const words = textContent!.replace(/（[^）]*）/g, ''); // a paper's own name after its translation
    if (/[a-z]{3,} [a-z]{2,}/.test(words)) left.push(words);
  }
  return left;
}

/** The time that is looked at, in milliseconds. */
async function clockOf(page: Page): Promise<number> {
  return Math.round(Number(await page.getByRole('slider').first().inputValue()) / 1000);
}
