/**
 * What a failure looks like apart from one run's numbers and values: failures of one class are probably one bug. Of what the check said
 * the first sentence counts; the others tell of the run.
 */
export function failureClass(check: string, detail: string): string {
  const shape = detail
    .replace(/ \(node \d+, at [\d.]+ ms\)$/, '')
    .replace(/"[^"]*"/g, '"…"')
    .split(/[.;] /)[0]!
    .replace(/\d+([.,]\d+)*/g, '#')
    .replace(/#(, #)+/g, '#');
  return `${check}: ${shape}`;
}
