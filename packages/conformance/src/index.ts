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

export { type Encoded, encodeAll, journalFault } from './codec.ts';
export { lessonSuite } from './lessons.ts';
export { crashAfterEachWrite, type PrefixReport } from './prefixes.ts';
export { oddPromises } from './promises.ts';
export { type ConformanceOptions, conformance, onRealDisks, type SmokeTest } from './suite.ts';
export { onTamperedGlobals } from './tamper.ts';
