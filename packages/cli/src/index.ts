/**
 * The `quorate` command as a function, for those who want to call it from a program.
 *
 * ```ts
 * import { main } from 'quorate';
 *
 * const code = await main(['list', 'protocols'], {
 *   out: (text) => console.log(text),
 *   err: (text) => console.error(text),
 *   terminal: false,
 *   columns: 100,
 *   cwd: '.',
 *   interruptible: () => new AbortController().signal,
 * });
 * console.log(code); // 0
 * ```
 * @packageDocumentation
 */
export { EXIT, type Io, UsageError } from './io.ts';
export { main } from './main.ts';
export { findProtocol, findProtocols, PROTOCOLS } from './protocols.ts';
