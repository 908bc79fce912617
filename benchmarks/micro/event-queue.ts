import { EventQueue, splitSeed } from '@quorate/simulator';
import { runCases } from './suite.ts';

/** A queue with so many events waiting, each up to `spread` µs ahead; every call takes one out and puts one in. */
function turnover(pending: number, spread: number): () => void {
  const [random] = splitSeed(1, 1);
  const delays = Uint32Array.from({ length: 4096 }, () => 1 + random!.below(spread));
  const queue = new EventQueue();
  for (let i = 0; i < pending; i++) queue.push(delays[i % 4096]!, 1, i);
  let i = 0;
  return () => {
    queue.next();
    queue.push(queue.time + delays[i++ & 4095]!, 1, i);
  };
}

await runCases('Event queue: take one event out, put one in', {
  '100 pending, up to 200 µs ahead (LAN)': turnover(100, 200),
  '8,000 pending, up to 200 ms ahead (WAN)': turnover(8000, 200_000),
  '1,000 pending, up to 2 s ahead (timers)': turnover(1000, 2_000_000),
});
