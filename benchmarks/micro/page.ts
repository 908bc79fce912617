import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Experiment, Results } from '@quorate/bench/results';
import { raft } from '@quorate/raft';
import { type PackedTrace, renderReport } from '@quorate/report';
import { bundlePage, packTrace } from '@quorate/report/bundle';
import {
  DEFAULT_WORKLOAD,
  LAN,
  record,
  runFileOf,
  SERVER_CPU,
  type SimulationOptions,
  type SimulationResult,
  SSD,
  simulate,
} from '@quorate/simulator';
import { formatTrace, readTrace } from '@quorate/trace';
import { type Browser, chromium, type Page } from 'playwright-core';

/*
 * A run of 100,000 events in the page, in headless Chromium: how long from opening the file until its diagram is drawn, and how many frames a
 * second while the whole run is scrubbed through. Once as a recorded run, which the page makes again, and once as the trace file of a protocol that
 * the page does not have, which it draws. Prints all; needs Chromium at /usr/bin/chromium or where CHROMIUM_PATH says.
 */
const EVENTS = 100_000;
const FRAMES = 180;

/** The shortest run of Raft under load that has so many events. */
function longRun(): { readonly options: SimulationOptions; readonly result: SimulationResult } {
  for (let operations = 1_000; ; operations += 250) {
    const options: SimulationOptions = {
      protocol: raft,
      nodes: 5,
      seed: 1,
      milliseconds: 60_000,
      workload: { ...DEFAULT_WORKLOAD, rate: 2_000, operations, quietMilliseconds: 1_000, writes: 'put' },
      topology: LAN,
      cpu: SERVER_CPU,
      disk: SSD,
    };
    const result = simulate({ ...options, trace: 'full' });
    if (result.simulation.trace.length >= EVENTS) return { options, result };
  }
}

/** How fast a page shows the run that its address names. */
async function measure(browser: Browser, what: string, html: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quorate-bench-'));
  try {
    writeFileSync(join(folder, 'report.html'), html);
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const began = performance.now();
    await page.goto(`${pathToFileURL(join(folder, 'report.html')).href}#see`);
    await page.waitForSelector('.same-run');
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    const first = performance.now() - began;
    const close = await scrubbed(page, false);
    const whole = await scrubbed(page, true);
    console.log(`${what}, page of ${Math.round(html.length / 1000)} kB`);
    console.log(`  first view: ${Math.round(first)} ms after opening the file`);
    console.log(`  scrubbing: ${close} close up; ${whole} with the whole run in view`);
    await page.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many frames a second there are while the run is scrubbed through, and how long the page's thread works for each. */
async function scrubbed(page: Page, whole: boolean): Promise<string> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const worked = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  };
  const before = await worked();
  const perSecond = await page.evaluate(
    async ({ frames, all }) => {
      const zoom = document.querySelectorAll<HTMLButtonElement>('.zoom button');
      if (all) zoom[2]!.click();
      const input = document.querySelector<HTMLInputElement>('.scrub')!;
      const most = Number(input.max);
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      const start = performance.now();
      for (let i = 0; i < frames; i++) {
        input.value = String(Math.floor(most * (0.2 + (0.7 * i) / frames)));
        input.dispatchEvent(new Event('input', { bubbles: true }));
        await frame();
      }
      return frames / ((performance.now() - start) / 1000);
    },
    { frames: FRAMES, all: whole },
  );
  const each = ((await worked()) - before) / FRAMES;
  return `${perSecond.toFixed(0)} frames/s, ${each.toFixed(1)} ms of work for each,`;
}

/** A trace file of the run, as of a protocol that nobody knows. */
function strange({ options, result }: ReturnType<typeof longRun>): PackedTrace {
  const { recorder } = record(options);
  const states = recorder.frames
    .flatMap((frames, node) => frames.map((frame) => ({ node, ...frame })))
    .sort((a, b) => a.events - b.events);
  const about = { ...runFileOf(options, result.traceHash), protocol: 'unknown', nodes: options.nodes };
  const read = readTrace([...formatTrace(result.simulation.trace, about, states)].join('\n'));
  const { header, nodes, trace } = read;
  return { label: 'run.ndjson', header, nodes, events: trace.length, packed: packTrace(read) };
}

const run = longRun();
const recorded: Experiment = {
  scenario: 'steady',
  protocol: 'raft',
  mode: 'sim',
  nodes: 5,
  clients: 0,
  seeds: [1],
  metrics: {},
  verdicts: [],
  notes: [],
  reproduce: 'npm run bench -- page',
  method: 'a run of many events',
  recorded: runFileOf(run.options, run.result.traceHash),
};
const results: Results = {
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  quorateVersion: '0',
  command: 'npm run bench -- page',
  machine: { cpu: '', cores: 0, memoryGiB: 0, os: '', node: '', syncMicroseconds: null },
  protocols: [],
  experiments: [recorded],
  comparisons: [],
};
const assets = await bundlePage({
  protocols: [{ module: '@quorate/raft', exportName: 'raft', lessons: '@quorate/raft/lessons' }],
  folder: fileURLToPath(new URL('.', import.meta.url)),
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const events = run.result.simulation.trace.length;
  await measure(browser, `a recorded run of ${events} events (Raft, 5 nodes)`, renderReport(results, assets));
  const traces = [strange(run)];
  await measure(browser, 'its trace file, of an unknown protocol', renderReport([], assets, { traces }));
} finally {
  await browser.close();
}
