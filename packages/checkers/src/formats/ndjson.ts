/** A JSON object's fields. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one JSON object from each line that is not blank.
 * @param what an object is, for errors: `an operation`
 * @throws SyntaxError with the line's number from 1, on a line that is none, or what `read` throws
 */
export function readLines<T>(text: string, what: string, read: (fields: Fields) => T): T[] {
  const items: T[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    try {
      items.push(read(fieldsOf(readJson(line), what)));
    } catch (error) {
      throw new SyntaxError(`line ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
  });
  return items;
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SyntaxError(`is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws SyntaxError where it is no object */
export function fieldsOf(json: unknown, what: string): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new SyntaxError(`${what} must be an object`);
  return json as Fields;
}

/** The error for a field that is not as it must be. */
export function wrong(name: string, value: unknown, allowed: string): SyntaxError {
  const is = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new SyntaxError(`"${name}" ${is}; it must be ${allowed}`);
}
