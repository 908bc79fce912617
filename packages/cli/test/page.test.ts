import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Experiment, runComparison, scenarioNamed } from '@quorate/bench';
import { raft } from '@quorate/raft';
import { renderReport } from '@quorate/report';
import { optionsOf, readRunFile, simulate } from '@quorate/simulator';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, NO_BROWSER } from '../../../test/chromium.ts';
import { pageWith } from '../src/page.ts';
import { PROTOCOLS } from '../src/protocols.ts';
import { button, card, choose, leads, playUntil, visit as visitPage } from './browser.ts';
import { quorate } from './helpers.ts';

const BY_NAME = { raft, 'two-phase-commit': twoPhaseCommit } as const;

describe.skipIf(NO_BROWSER)('the page in which protocols run', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'quorate-play-'));
  const address = pathToFileURL(join(cwd, 'play.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const { code, err } = await quorate(['play'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  const visit = (fragment: string, work: (page: Page) => Promise<void>, file = address) =>
    visitPage(browser, { address: file, fragment }, work);

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

  it('says which rule a planted bug breaks and where, while the same run without it goes on', async () => {
    await visit('#run', async (page) => {
      await choose(page, 'Protocol', 'two-phase-commit');
      await choose(page, 'Nodes', '3');
      await choose(page, 'Clients', 'none');
      await choose(page, 'Planted bug', 'unilateral-abort-in-doubt');
      await choose(page, 'Beside it', 'two-phase-commit');
      const [buggy, sound] = [page.locator('.stage').first(), page.locator('.stage').nth(1)];
      await buggy.getByRole('heading', { name: /with a planted bug: who is in doubt/ }).waitFor();
      await choose(buggy, 'At', '1');
      await button(buggy, 'Send').click();
      const prepared = buggy.locator('.node-card', { hasText: 'PREPARED' });
      for (let i = 0; i < 60 && (await prepared.count()) < 3; i++) await button(page, 'One event on').click();
      // the votes are under way; the decision will not reach node 3
      await buggy.getByRole('button', { name: 'Link between 1 and 3', exact: true }).press('Enter');
      await buggy.getByRole('radio', { name: '1 → 3' }).check();
      await button(buggy, 'Cut').click();

      const alert = buggy.getByRole('alert');
      await playUntil(page, alert);
      expect(await alert.textContent()).toContain('agreement is broken at node 3');
      expect(await alert.textContent()).toContain('T1.1: node 1 decided committed, node 3 decides aborted');
      expect(await alert.getByRole('button').allTextContents()).toEqual([
        expect.stringMatching(/Node 1 knows that T1.1 is committed/),
        expect.stringMatching(/Node 2 knows that T1.1 is committed/),
        expect.stringMatching(/Node 3 knows that T1.1 is aborted/),
      ]);
      const blamed = buggy.locator('.cluster .node', { has: page.locator('.blame') });
      expect(await blamed.locator('.number').allTextContents()).toEqual(['1', '3']);
      expect(await sound.getByRole('alert').count()).toBe(0);

      await alert.getByRole('button').first().click(); // back to where node 1 decided
      await page.locator('.now', { hasText: 'Node 1 knows that T1.1 is committed' }).first().waitFor();
      await buggy.getByText('agreement breaks later in this run').waitFor();
      await button(buggy, 'Go there').click();
      await alert.waitFor();

      const path = await save(page);
      expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ mutant: 'unilateral-abort-in-doubt' });
      expect(await replayed(path)).toContain('agreement violated: slot T1.1');
    });
  });

  it('shows in a lesson how a rule breaks that a bug left out', async () => {
    await visit('#learn=raft%2Ffigure-8-broken%233', async (page) => {
      await page.getByRole('alert').getByText('committed entry 2 of term 1 by counting').waitFor();
      await page.locator('.verdicts', { hasText: 'committed on a durable majority' }).waitFor();
      await button(page, 'Back').click();
      await page.getByText('committed on a durable majority breaks later in this run').waitFor();
    });
  });

  it('prints a lesson as a hand-out: every stop with its text and its cluster, in light colours', async () => {
    await visit('#learn=raft%2Fleader-crash%232', async (page) => {
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      await page.locator('.handout .stop').nth(4).waitFor({ state: 'attached' });
      expect(await page.locator('.handout .stop').count()).toBe(5);
      const down = page.locator('.handout .stop', { has: page.locator('.node.tone-down') });
      expect(await down.count()).toBe(3); // stops 2 to 4
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await page.locator('.handout').isVisible()).toBe(true);
      expect(await page.locator('.lecture, .transport').filter({ visible: true }).count()).toBe(0);
      // the first type of message in the light scheme's first colour, which the diagram draws it with
      const swatch = page.locator('.stage .filter .swatch').first();
      expect(await swatch.getAttribute('style')).toContain('rgb(11, 95, 165)');
      await page.emulateMedia({ media: 'screen' });
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
      await expect.poll(() => page.locator('.handout').count()).toBe(0);
    });
  });

  it('tells everything in Chinese too', async () => {
    await visit('#learn=two-phase-commit%2Fblocked', async (page) => {
      await page.getByRole('button', { name: '中文' }).click();
      await page.getByText('第 1 步，共 5 步').waitFor();
      await button(page, '下一步').click();
      await page.getByText('第二个客户端要在节点 1 写 x').waitFor();
    });
  });

  it('begins a new run with nothing selected, since that may not be there in it', async () => {
    await visit('#run', async (page) => {
      await page.locator('.cluster .node').nth(4).click();
      await page.getByRole('group', { name: 'Node 5' }).waitFor();
      await choose(page, 'Nodes', '3');
      await expect.poll(() => page.locator('.cluster .node').count()).toBe(3);
      expect(await page.getByRole('group', { name: 'Node 5' }).count()).toBe(0);
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
      const assets = await pageWith(PROTOCOLS);
      writeFileSync(join(cwd, 'report.html'), renderReport(results, assets));
      const experiments = results.experiments.map((row) => {
        const { options, ...run } = row.recorded!;
        return { ...row, recorded: { ...run, options: { ...options, knobs: { haste: 1 } } } };
      });
      writeFileSync(join(cwd, 'odd.html'), renderReport({ ...results, experiments }, assets));
    });

    it('says why a recorded run cannot be opened, and shows the others', async () => {
      const work = async (page: Page) => {
        await page.getByRole('alert').getByText('raft has no knob "haste"').waitFor();
        await choose(page, 'Run', 'lesson/raft/leader-crash');
        await page.locator('.cluster').waitFor();
      };
      await visit('#see=steady%2Fraft', work, pathToFileURL(join(cwd, 'odd.html')).href);
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
          expect(await clockOf(page)).toBeGreaterThan(1000); // the clients begin after a second
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
