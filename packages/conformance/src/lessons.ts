import type { AnyProtocol, LocalText, Teaching } from '@quorate/interface';
import { playLesson, runFileOf, simulate } from '@quorate/simulator';
import { describe, expect, it } from 'vitest';

/**
 * Holds everything that a protocol's lessons claim against a run: each stop comes, in order, and what it says of nodes and operations is so; the
 * verdicts are those that are named; the run ends as it is told; every text is there in both languages.
 */
export function lessonSuite(protocol: AnyProtocol, { lessons, terms }: Teaching): void {
  describe(`the lessons of ${protocol.name}`, () => {
    it('have names of their own', () => {
      expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
      for (const { name } of lessons) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    });

    it('are told in both languages', () => {
      const words = lessons.flatMap(({ title, question, next, steps }) => [
        title,
        question,
        next,
        ...steps.map(({ text }) => text),
      ]);
      const named = Object.values(terms).flatMap(({ about }) => (about === undefined ? [] : [about]));
      for (const { en, zh } of [...words, ...named] as LocalText[]) {
        expect(en).toMatch(/\p{Script=Latin}/u);
        expect(en).not.toMatch(/\p{Script=Han}/u);
        expect(zh).toMatch(/\p{Script=Han}/u);
      }
    });

    it.each(lessons.map((lesson) => ({ name: lesson.name, lesson })))(
      '$name: each stop comes and is as it is told',
      ({ lesson }) => {
        const { stops, result } = playLesson(protocol, lesson);
        expect(stops.length, `stops that came, of ${lesson.steps.length}`).toBe(lesson.steps.length);
        const times = stops.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.at(-1)).toBeLessThanOrEqual(lesson.run.milliseconds * 1000);
        const odd = result.verdicts
          .filter(({ verdict }) => verdict !== 'ok')
          .map(({ check, verdict }) => [check, verdict]);
        expect(Object.fromEntries(odd)).toEqual(lesson.verdicts ?? {});
      },
    );

    it('are runs that anyone can run again', () => {
      for (const lesson of lessons) {
        const { result } = playLesson(protocol, lesson);
        const { options } = JSON.parse(
          JSON.stringify(runFileOf(result.simulation.options, result.traceHash)),
        );
        expect(simulate({ ...options, protocol }).traceHash).toBe(result.traceHash);
      }
    });
  });
}
