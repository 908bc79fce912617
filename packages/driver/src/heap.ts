/** A binary heap: what comes first by `before` is on top. Equal elements come in no particular order, so let `before` know the order of arrival. */
export class Heap<T> {
  readonly #elements: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#elements.length;
  }

  /** The first element, which stays; undefined where there is none. */
  get top(): T | undefined {
    return this.#elements[0];
  }

  push(element: T): void {
    const elements = this.#elements;
    let at = elements.length;
    elements.push(element);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(element, elements[parent]!)) break;
      elements[at] = elements[parent]!;
      at = parent;
    }
    elements[at] = element;
  }

  /** Takes the first element; undefined where there is none. */
  pop(): T | undefined {
    const elements = this.#elements;
    const top = elements[0];
    const last = elements.pop();
    if (last === undefined || elements.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= elements.length) break;
      if (child + 1 < elements.length && this.#before(elements[child + 1]!, elements[child]!)) child++;
      if (!this.#before(elements[child]!, last)) break;
      elements[at] = elements[child]!;
      at = child;
    }
    elements[at] = last;
    return top;
  }
}
