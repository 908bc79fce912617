/**
 * Test suites that any protocol package earns in five lines:
 *
 * ```ts
 * import { conformance } from '@quorate/conformance';
 * import { myProtocol } from '../src/index.ts';
 *
 * conformance(myProtocol);
 * ```
 *
 * @packageDocumentation
 */

export { lessonSuite } from './lessons.ts';
export { type ConformanceOptions, conformance } from './suite.ts';
export { onTamperedGlobals } from './tamper.ts';
