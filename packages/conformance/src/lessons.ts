import type { AnyProtocol, Lesson, LocalText, Mutant, Teaching } from '@quorate/interface';
import { playLesson, runFileOf, simulate } from '@quorate/simulator';
import { describe, expect, it } from 'vitest';

/**
 * Holds everything that a protocol's lessons claim against a run: each stop comes, in order, and what it says of nodes and operations is so; the
 * verdicts are those that are named; the run ends as it is told; every text is there in both languages.
 *
 * @param mutants the protocol's planted bugs: each is told, and lessons may run with one
 */
export function lessonSuite(
  protocol: AnyProtocol,
  { lessons, terms, bugs = {} }: Teaching,
  mutants: readonly Mutant[] = [],
): void {
  const protocolOf = ({ name, mutant }: Lesson): AnyProtocol => {
    if (mutant === undefined) return protocol;
    const found = mutants.find((one) => one.name === mutant);
    if (found === undefined) throw new Error(`lesson ${name}: there is no mutant ${mutant}`);
    return found.protocol;
  };

  describe(`the lessons of ${protocol.name}`, () => {
    it('have names of their own', () => {
      expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
      for (const { name } of lessons) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    });

    it('tell what each planted bug does, and no other', () => {
      expect(Object.keys(bugs).sort()).toEqual(mutants.map(({ name }) => name).sort());
    });

    it('are told in both languages', () => {
      const words = lessons.flatMap(({ title, question, next, steps }) => [
        title,
        question,
        next,
        ...steps.map(({ text }) => text),
      ]);
      const named = Object.values(terms).flatMap(({ about }) => (about === undefined ? [] : [about]));
      for (const { en, zh } of [...words, ...named, ...Object.values(bugs)] as LocalText[]) {
        expect(en).toMatch(/\p{Script=Latin}/u);
        expect(en).not.toMatch(/\p{Script=Han}/u);
        expect(zh).toMatch(/\p{Script=Han}/u);
      }
    });

    it.each(lessons.map((lesson) => ({ name: lesson.name, lesson })))(
      '$name: each stop comes and is as it is told',
      ({ lesson }) => {
        const { stops, result } = playLesson(protocolOf(lesson), lesson);
        expect(stops.length, `stops that came, of ${lesson.steps.length}`).toBe(lesson.steps.length);
        const times = stops.map(({ time }) => time);
        // in order, and each later than the one before: a stop at which nothing has changed would teach nothing
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        expect(times.at(-1)).toBeLessThanOrEqual(lesson.run.milliseconds * 1000);
        const odd = result.verdicts
          .filter(({ verdict }) => verdict !== 'ok')
          .map(({ check, verdict }) => [check, verdict]);
        expect(Object.fromEntries(odd)).toEqual(lesson.verdicts ?? {});
      },
    );

    it('are runs that anyone can run again', () => {
      for (const lesson of lessons) {
        const played = protocolOf(lesson);
        const { result } = playLesson(played, lesson);
        const { options } = JSON.parse(
          JSON.stringify(runFileOf(result.simulation.options, result.traceHash)),
        );
        expect(simulate({ ...options, protocol: played }).traceHash).toBe(result.traceHash);
      }
    });
  });
}
