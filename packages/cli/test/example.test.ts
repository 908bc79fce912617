import { expect, it, vi } from 'vitest';
import { main } from '../src/index.ts';

it('the example of the index does what it says', async () => {
  const log = vi.fn();
  const code = await main(['list', 'protocols'], {
    out: (text) => log(text),
    err: (text) => log(text),
    terminal: false,
    columns: 100,
    cwd: '.',
    interruptible: () => new AbortController().signal,
  });
  expect(log.mock.calls[0]![0]).toContain('raft');
  expect(code).toBe(0);
});
