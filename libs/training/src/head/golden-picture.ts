import { seededRng } from '#libs/kernel';
import { writePng } from './png.js';

const [width, height, shapes] = [160, 120, 6];

/** A picture of ellipses and boxes on a slope of colour, as a PNG: something to run a model on that shows nobody's work. */
export function drawGoldenPicture(seed: string): Uint8Array {
  const rng = seededRng(seed);
  const level = (): number => Math.floor(rng() * 256);
  const colour = (): [number, number, number] => [level(), level(), level()];
  const [from, to] = [colour(), colour()];
  const drawn = Array.from({ length: shapes }, () => ({
    isEllipse: rng() < 0.5,
    x: rng() * width,
    y: rng() * height,
    across: 8 + rng() * 36,
    down: 8 + rng() * 36,
    fill: colour(),
  }));
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const top = drawn.findLast((shape) => {
        const [dx, dy] = [Math.abs(x - shape.x) / shape.across, Math.abs(y - shape.y) / shape.down];
        return shape.isEllipse ? dx ** 2 + dy ** 2 <= 1 : Math.max(dx, dy) <= 1;
      });
      const share = (x + y) / (width + height);
      const fill = top?.fill ?? from.map((low, channel) => Math.round(low + (to[channel]! - low) * share));
      pixels.set(fill, (y * width + x) * 3);
    }
  }
  return writePng(width, height, pixels);
}
