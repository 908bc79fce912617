/** Lines, signs and words of the space-time diagram, in the colours that the context has. */

export function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

export function head(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const [size, spread] = [7, 0.42];
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x1 - size * Math.cos(angle - spread), y1 - size * Math.sin(angle - spread));
  ctx.lineTo(x1 - size * Math.cos(angle + spread), y1 - size * Math.sin(angle + spread));
  ctx.fill();
}

export function cross(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  const width = ctx.lineWidth;
  ctx.lineWidth = 2;
  line(ctx, x - 4, y - 4, x + 4, y + 4);
  line(ctx, x - 4, y + 4, x + 4, y - 4);
  ctx.lineWidth = width;
}

/** A name along its arrow, never upside down. */
export function label(
  ctx: CanvasRenderingContext2D,
  name: string,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  ground: string,
): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < ctx.measureText(name).width + 16) return;
  ctx.save();
  ctx.translate((x0 + x1) / 2, (y0 + y1) / 2);
  ctx.rotate(Math.atan2(y1 - y0, x1 - x0));
  ctx.textAlign = 'center';
  halo(ctx, name, 0, -7, ground);
  ctx.restore();
}

export function halo(
  ctx: CanvasRenderingContext2D,
  words: string,
  x: number,
  y: number,
  ground: string,
): void {
  const { strokeStyle, lineWidth } = ctx;
  ctx.strokeStyle = ground;
  ctx.lineWidth = 3;
  ctx.lineJoin = 'round';
  ctx.strokeText(words, x, y);
  ctx.fillText(words, x, y);
  ctx.strokeStyle = strokeStyle;
  ctx.lineWidth = lineWidth;
}

/** Stripes over an area. */
export function hatch(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.5;
  ctx.lineWidth = 1;
  ctx.beginPath();
  const offset = -(x % 7);
  for (let at = x - height + offset - 7; at < x + width; at += 7) {
    ctx.moveTo(at, y + height);
    ctx.lineTo(at + height, y);
  }
  ctx.stroke();
  ctx.restore();
}
