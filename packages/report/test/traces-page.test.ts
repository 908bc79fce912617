import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyProtocol } from '@quorate/interface';
import { raft } from '@quorate/raft';
import { type PackedTrace, renderReport } from '@quorate/report';
import { bundlePage, packTrace } from '@quorate/report/bundle';
import { DEFAULT_WORKLOAD, record, runFileOf, type SimulationOptions } from '@quorate/simulator';
import { formatTrace, readTrace } from '@quorate/trace';
import { twoPhaseCommit } from '@quorate/two-phase-commit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, NO_BROWSER } from '../../../test/chromium.ts';
import { EVIL, poisonedTrace } from './hostile.ts';
import { smallResults } from './sample-results.ts';

/* Trace files in a page whose script has Raft alone. */

/** A run as the command writes, reads and packs it; `change` is made to its file. */
function traceOf(protocol: AnyProtocol, label: string, change = (text: string) => text): PackedTrace {
  const options: SimulationOptions = {
    protocol,
    nodes: 3,
    seed: 5,
    milliseconds: 1500,
    workload: { ...DEFAULT_WORKLOAD, rate: 60, keys: 4 },
    faults: {
      version: 1,
      events: [
        { at: 700, for: 300, kind: 'crash', node: 2, lostWrites: true, tornWrites: false },
        { at: 900, for: 200, kind: 'pause', node: 'leader' },
      ],
    },
  };
  const { result, recorder } = record(options);
  const { simulation, traceHash, nodes } = result;
  const states = recorder.frames
    .flatMap((frames, node) => frames.map((frame) => ({ node, ...frame })))
    .sort((a, b) => a.events - b.events);
  const about = { title: protocol.title, nodes, ...runFileOf(options, traceHash) };
  const read = readTrace(change([...formatTrace(simulation.trace, about, states)].join('\n')));
  const { header, trace } = read;
  return { label, header, nodes: read.nodes, events: trace.length, packed: packTrace(read) };
}

describe.skipIf(NO_BROWSER)('trace files in the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-traces-'));
  const file = join(folder, 'traces.html');
  const besideFile = join(folder, 'beside.html');
  const known = traceOf(raft, 'raft.ndjson');
  const outside = traceOf(twoPhaseCommit, '2pc.ndjson');
  const traces = [
    known,
    outside,
    traceOf(raft, 'older.ndjson', (text) => text.replace('"seed":5', '"seed":6')),
    traceOf(raft, 'events.ndjson', (text) => text.replaceAll(/^.*"kind":"(trace|state)".*\n/gm, '')),
    traceOf(raft, 'newer.ndjson', (text) => text.replace('"keys":4', '"keys":"many"')),
    ...EVIL.map(poisonedTrace),
  ];
  let browser: Browser;

  beforeAll(async () => {
    const content = {
      protocols: [{ module: '@quorate/raft', exportName: 'raft' }],
      folder: import.meta.dirname,
    };
    const assets = await bundlePage(content);
    writeFileSync(file, renderReport([], assets, { traces }));
    writeFileSync(besideFile, renderReport(smallResults(), assets, { traces: [known] }));
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page with one of the traces; afterwards nothing may have gone wrong, and nothing but the file been asked for. */
  async function visit(number: number, work: (page: Page) => Promise<void>, path = file): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-US' });
    page.setDefaultTimeout(60_000);
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) wrong.push(request.url());
    });
    await page.goto(`${pathToFileURL(path).href}${fragmentOf(number)}`);
    await page.locator('.same-run').waitFor();
    await work(page);
    await page.close();
    expect(wrong).toEqual([]);
  }

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

  it('a run that the page can make again comes to the same hash, has the state of its nodes, and can be taken over', async () => {
    await visit(1, async (page) => {
      await page.getByText(`trace hash ${known.header.traceHash}, the same as in the file`).waitFor();
      expect(await page.locator('.node-card').first().textContent()).toContain('commitIndex');
      await button(page, 'Take over from here').click();
      await page.getByRole('heading', { name: 'Run it yourself' }).waitFor();
    });
  });

  it('a run of a protocol that the page does not have is seen, stepped, and an operation of it followed', async () => {
    await visit(2, async (page) => {
      await page.getByText('the protocol “two-phase-commit” is not in this page').waitFor();
      await page.getByText('No rule is checked here').waitFor();
      expect(await page.locator('.node-card').first().textContent()).toContain('in doubt');
      expect(await button(page, 'Take over from here').count()).toBe(0);
      const types = await page.locator('.filter button').allTextContents();
      expect(types).toEqual(expect.arrayContaining(['Prepare', 'Vote', 'requests and answers']));

      const before = await page.locator('.moment').textContent();
      for (let i = 0; i < 5; i++) await button(page, 'One event on').click();
      expect(await page.locator('.moment').textContent()).not.toBe(before);
      const told = await page.locator('.now .what').textContent();
      expect(told).toMatch(/node \d/i);
      await button(page, 'One event back').click();
      expect(await page.locator('.now .what').textContent()).not.toBe(told);

      await button(page, /^Slowest/).click();
      await page.getByRole('region', { name: 'The way of one operation' }).waitFor();
      expect((await page.locator('.path li').allTextContents()).join()).toMatch(
        /request of client \d+ reaches node \d/,
      );

      const scrub = page.getByRole('slider', { name: 'Moment in the run' });
      await scrub.fill('800000');
      expect(await page.locator('.node-card').nth(1).textContent()).toContain('down');
      await scrub.fill('1050000');
      expect(await page.locator('.node-card').nth(1).textContent()).not.toContain('down');
    });
  });

  it('stands beside results, whose charts are drawn when somebody comes to read them', async () => {
    const work = async (page: Page) => {
      const charts = page.locator('.chart canvas');
      const sizes = () => charts.evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).width));
      expect(new Set(await sizes())).toEqual(new Set([300])); // a canvas that nobody has touched
      await page.getByRole('link', { name: 'Read', exact: true }).click();
      await expect.poll(async () => (await sizes()).filter((width) => width === 300)).toEqual([]);
      expect(await charts.count()).toBeGreaterThan(0);
    };
    await visit(1, work, besideFile);
  });

  it.each([
    [3, 'run again in this page, it comes to another trace'],
    [4, 'it does not say how to run it again. So of a node only what it announced is shown'],
    [5, 'how to run it again is not understood here (options.workload.keys: "many" is not allowed'],
  ])('trace %i is drawn from its file alone, and says why', async (number, why) => {
    await visit(number, async (page) => {
      await page.getByText(why).waitFor();
      expect(await page.locator('.filter button').allTextContents()).toContain('AppendEntries');
      const scrub = page.getByRole('slider', { name: 'Moment in the run' });
      await scrub.fill('690000');
      await expect.poll(() => page.locator('.cluster .node.tone-leads').count()).toBe(1);
    });
  });

  it('names in trace files and of them are text', async () => {
    await visit(6, async (page) => {
      for (const [i, evil] of EVIL.entries()) {
        await page.evaluate((fragment) => location.assign(fragment), fragmentOf(i + 6));
        const stage = page.getByRole('article', { name: `a/b${evil}` });
        await stage.waitFor();
        await page.getByRole('slider', { name: 'Moment in the run' }).fill('800');
        const told = await stage.textContent();
        for (const part of [`a/b${evil}`, `leader${evil}`, `the timer “${evil}” fires`])
          expect(told).toContain(part);
        expect(await page.locator('#report script, #report img').count()).toBe(0);
        expect(await page.locator('option', { hasText: `a/b${evil}` }).count()).toBe(1);
        const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        expect(widths[0]).toBe(widths[1]);
      }
      expect(await page.evaluate(() => (globalThis as { hit?: number }).hit)).toBeUndefined();
    });
  });
});

/** Where a trace of the page is seen. */
function fragmentOf(number: number): string {
  return `#see=${encodeURIComponent(`trace/${number}`)}`;
}
