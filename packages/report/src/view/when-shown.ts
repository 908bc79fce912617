/** Begins once an element is shown, at once if it is; what stands in a view that nobody has opened is no work. Returns how to stop. */
export function whenShown(element: HTMLElement, begin: () => () => void): () => void {
  if (element.offsetParent !== null) return begin();
  let stop = (): void => observer.disconnect();
  const observer = new ResizeObserver(() => {
    if (element.offsetParent === null) return;
    observer.disconnect();
    stop = begin();
  });
  observer.observe(element);
  return () => stop();
}
