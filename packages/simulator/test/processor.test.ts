import { single } from '@quorate/interface/single';
import { describe, expect, test } from 'vitest';
import {
  type CpuModel,
  DEFAULT_WORKLOAD,
  FREE_CPU,
  FREE_DISK,
  fixedDelay,
  Simulation,
  type SimulationOptions,
} from '../src/index.ts';
import { Host, Processor } from '../src/processor.ts';

describe('processors of one host', () => {
  test('two may work at once on two cores, and a third waits for the one that is free first', () => {
    const host = new Host(2, 3);
    const [a, b, c] = [new Processor(host), new Processor(host), new Processor(host)];
    expect(a.begin(0)).toBe(true);
    a.work(0, 10);
    expect(b.begin(0)).toBe(true);
    b.work(0, 4);
    expect(c.begin(0)).toBe(false);
    expect(c.nextFree(0)).toBe(4);
    expect(c.begin(4)).toBe(true);
  });

  test('a process with a core of its own waits for nobody but itself', () => {
    const host = new Host(2, 2);
    const [a, b] = [new Processor(host), new Processor(host)];
    expect(a.begin(0)).toBe(true);
    a.work(0, 10);
    expect(b.begin(0)).toBe(true);
    expect(a.begin(9)).toBe(false);
    expect(a.begin(10)).toBe(true);
    expect(a.worked).toBe(10);
  });
});

describe('costs of computation', () => {
  const options = (cpu: CpuModel, clients: number): SimulationOptions => ({
    protocol: single,
    nodes: 3,
    seed: 1,
    milliseconds: 200,
    topology: fixedDelay(10),
    disk: FREE_DISK,
    cpu,
    workload: { ...DEFAULT_WORKLOAD, clients, reads: 0, writes: 'put', place: 1, history: false },
  });
  const run = (cpu: CpuModel, clients: number) => {
    const simulation = new Simulation(options(cpu, clients));
    simulation.start();
    simulation.runUntil(200_000);
    return simulation;
  };

  test('a burst costs what it costs however much is in it, so many clients share it', () => {
    const cpu: CpuModel = { ...FREE_CPU, turnMicroseconds: 100 };
    const one = run(cpu, 1).clients.completed;
    const many = run(cpu, 50).clients.completed;
    expect(one).toBeLessThan(200_000 / 100);
    expect(many).toBeGreaterThan(10 * one);
  });

  test('a load process that is out of breath bounds what its clients can ask', () => {
    const load = { operationMicroseconds: 20, turnMicroseconds: 0 };
    const simulation = run({ ...FREE_CPU, coresPerHost: 4, replicasPerHost: 3, load }, 50);
    expect(simulation.clients.completed).toBeLessThanOrEqual(200_000 / 20 + 50);
    expect(simulation.clients.completed).toBeGreaterThan(0.9 * (200_000 / 20));
    expect(simulation.load!.processor.worked).toBeGreaterThan(0.9 * 200_000);
  });

  test('a durable write takes a core beside the process, and waits for one', () => {
    const load = { operationMicroseconds: 10, turnMicroseconds: 0 };
    const costs = { ...FREE_CPU, receiveMicroseconds: 10, syncMicroseconds: 100, replicasPerHost: 3, load };
    const workedOn = (coresPerHost: number) => {
      const { nodes, clients, load: process } = run({ ...costs, coresPerHost }, 50);
      const { writer, processor } = nodes[0]!;
      return {
        completed: clients.completed,
        writer: writer.worked,
        all: writer.worked + processor.worked + process!.processor.worked,
      };
    };
    const [one, two] = [workedOn(1), workedOn(2)];
    expect(one.writer).toBeGreaterThan(0);
    expect(one.writer % 100).toBe(0);
    expect(one.all).toBeLessThanOrEqual(200_000 + 50 * 20);
    expect(two.all).toBeGreaterThan(1.1 * one.all);
    expect(two.completed).toBeGreaterThan(1.1 * one.completed);
  });

  test('on one core the load process and the replicas take turns', () => {
    const load = { operationMicroseconds: 20, turnMicroseconds: 0 };
    const cpu = { ...FREE_CPU, receiveMicroseconds: 20, coresPerHost: 1, replicasPerHost: 3, load };
    const { completed } = run(cpu, 50).clients;
    expect(completed).toBeLessThanOrEqual(200_000 / 40 + 50);
    expect(completed).toBeGreaterThan(0.8 * (200_000 / 40));
  });
});
