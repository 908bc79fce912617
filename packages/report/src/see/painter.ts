import { type Picture, paintMoment, paintStill } from './paint.ts';

/**
 * Draws a picture again and again. What does not hang on the moment looked at is drawn once and kept, as long as the same is shown: going
 * through a run then costs a copy and a few strokes, whatever there is to see.
 */
export class Painter {
  readonly #kept = document.createElement('canvas');
  #of: Picture | null = null;
  /** How many events were known when it was drawn. */
  #events = 0;

  /** @param ratio pixels of the canvas to one of the picture */
  draw(canvas: HTMLCanvasElement, picture: Picture, ratio: number): void {
    const ctx = canvas.getContext('2d');
    if (ctx === null) return;
    const { width, height } = picture.layout;
    const resized = resize(canvas, Math.round(width * ratio), Math.round(height * ratio));
    if (picture.future) {
      this.#keep(picture, canvas, ratio);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      if (!resized) ctx.clearRect(0, 0, canvas.width, canvas.height);
      ctx.drawImage(this.#kept, 0, 0);
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    } else {
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      paintStill(ctx, picture);
    }
    paintMoment(ctx, picture);
  }

  #keep(picture: Picture, { width, height }: HTMLCanvasElement, ratio: number): void {
    const events = picture.diagram.times.length;
    const resized = resize(this.#kept, width, height);
    if (!resized && this.#of !== null && this.#events === events && isSame(this.#of, picture)) return;
    const ctx = this.#kept.getContext('2d');
    if (ctx === null) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintStill(ctx, picture);
    this.#of = picture;
    this.#events = events;
  }
}

/** Says whether the canvas had another size; then it is empty. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): boolean {
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

const KEPT = ['diagram', 'layout', 'look', 'text', 'hidden', 'path'] as const;

/** Whether two pictures differ at most in what changes with the moment. */
function isSame(a: Picture, b: Picture): boolean {
  return (
    KEPT.every((name) => a[name] === b[name]) &&
    a.window.from === b.window.from &&
    a.window.to === b.window.to &&
    a.broken.join() === b.broken.join()
  );
}
