import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Experiment, Results } from '@quorate/bench/results';
import { raft } from '@quorate/raft';
import { renderReport } from '@quorate/report';
import { bundlePage } from '@quorate/report/bundle';
import {
  DEFAULT_WORKLOAD,
  LAN,
  runFileOf,
  SERVER_CPU,
  type SimulationOptions,
  SSD,
  simulate,
} from '@quorate/simulator';
import { chromium } from 'playwright-core';

/*
 * A run of 100,000 events in the page, in headless Chromium: how long from opening the file until its diagram is drawn, and how many frames a
 * second while the whole run is scrubbed through. Prints both; needs Chromium at /usr/bin/chromium or where CHROMIUM_PATH says.
 */
const EVENTS = 100_000;
const FRAMES = 180;

/** The shortest run of Raft under load that has so many events. */
function longRun(): { readonly options: SimulationOptions; readonly events: number; readonly hash: string } {
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
    const { simulation, traceHash } = simulate({ ...options, trace: 'full' });
    if (simulation.trace.length >= EVENTS)
      return { options, events: simulation.trace.length, hash: traceHash };
  }
}

const { options, events, hash } = longRun();
const experiment: Experiment = {
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
  recorded: runFileOf(options, hash),
};
const results: Results = {
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
  quorateVersion: '0',
  command: 'npm run bench -- page',
  machine: { cpu: '', cores: 0, memoryGiB: 0, os: '', node: '', syncMicroseconds: null },
  protocols: [],
  experiments: [experiment],
  comparisons: [],
};
const assets = await bundlePage({
  protocols: [{ module: '@quorate/raft', exportName: 'raft', lessons: '@quorate/raft/lessons' }],
  folder: fileURLToPath(new URL('.', import.meta.url)),
});
const folder = mkdtempSync(join(tmpdir(), 'quorate-bench-'));
const html = renderReport(results, assets);
writeFileSync(join(folder, 'report.html'), html);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  const began = performance.now();
  await page.goto(`${pathToFileURL(join(folder, 'report.html')).href}#see`);
  await page.waitForSelector('.same-run');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const first = performance.now() - began;
  const performanceOf = await page.context().newCDPSession(page);
  await performanceOf.send('Performance.enable');
  /** How long the page's thread has worked so far, milliseconds. */
  const worked = async () => {
    const { metrics } = await performanceOf.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  };
  const scrubbed = async (whole: boolean) => {
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
  };
  const close = await scrubbed(false);
  const whole = await scrubbed(true);
  console.log(`page of ${Math.round(html.length / 1000)} kB, a run of ${events} events (Raft, 5 nodes)`);
  console.log(`first view: ${Math.round(first)} ms after opening the file, the run included`);
  console.log(`scrubbing: ${close} close up; ${whole} with the whole run in view`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
