import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { emptyFolder, quorate } from './helpers.ts';

/** The command as a process of its own, from what `tsc -b` built. */
const COMMAND = fileURLToPath(new URL('../bin/quorate.js', import.meta.url));

it('has the exit code of its verdicts, JSON on stdout and nothing else', () => {
  const line = 'simulate two-phase-commit --seed 3 --faults swarm --duration 5s --json';
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...line.split(' ')], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toMatchObject({ protocol: 'two-phase-commit', seed: 3 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('says what is wrong in one line, without a stack trace', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [COMMAND, 'simulate', 'raft', '--nodes', 'x'],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('quorate: --nodes: "x" is not allowed; allowed: a whole number from 1 to 25\n');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});

it('gives the same numbers in worker threads as in one', async () => {
  const cwd = emptyFolder();
  const line = 'compare --mode sim --scenario cost,steady,wan --nodes 3 --rate 500 --seeds 2 --quick --out';
  const { status } = spawnSync(process.execPath, [COMMAND, ...line.split(' '), 'threads'], { cwd });
  const { code } = await quorate([...line.split(' '), 'here'], { cwd }); // from source there are no threads
  expect({ status, code }).toEqual({ status: 0, code: 0 });
  const [threads, here] = ['threads', 'here'].map((folder) => {
    return JSON.parse(readFileSync(join(cwd, folder, 'results.json'), 'utf8'));
  });
  expect(threads.experiments).toEqual(here.experiments);
  expect(threads.comparisons).toEqual(here.comparisons);
  expect(here.comparisons.length).toBeGreaterThan(2);
});

it('keeps what is finished on Ctrl-C', async () => {
  const cwd = emptyFolder();
  const line = 'compare --mode sim --scenario steady --seeds 500 --rate 1000 --out here';
  // How long until a seed is finished depends on the machine, so where none was, the next try waits longer.
  for (const patience of [3_000, 12_000, 40_000]) {
    const child = spawn(process.execPath, [COMMAND, ...line.split(' ')], { cwd });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    await new Promise((resolve) => setTimeout(resolve, patience));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    if (code === null) continue; // it had not even begun, so that nothing was there to be kept
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: 'interrupted: the results hold what was finished by then\n',
    });
    const { experiments } = JSON.parse(readFileSync(join(cwd, 'here/results.json'), 'utf8'));
    if (experiments.length === 0) continue;
    expect(experiments[0].seeds.length).toBeGreaterThan(0);
    expect(experiments[0].seeds.length).toBeLessThan(500);
    expect(experiments[0].notes.join()).toContain('Interrupted');
    return;
  }
  expect.fail('no seed was finished in any of the tries');
}, 120_000);

it('keeps what is finished on Ctrl-C among real processes too, and ends them', async () => {
  const cwd = emptyFolder();
  const line = 'compare raft --mode real --scenario steady --clients 1 --seeds 500 --out here';
  const child = spawn(process.execPath, [COMMAND, ...line.split(' ')], { cwd });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  await new Promise((resolve) => child.stdout.once('data', resolve)); // the preflight is over
  await new Promise((resolve) => setTimeout(resolve, 1000));
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.on('exit', resolve));
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: 'interrupted: the results hold what was finished by then\n',
  });
  expect(JSON.parse(readFileSync(join(cwd, 'here/results.json'), 'utf8')).machine.preflight).toBeDefined();
});
