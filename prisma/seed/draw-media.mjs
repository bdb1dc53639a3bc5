// Renders every SVG in the course folders beside this script to a PNG of the same name and pixel size.
// Usage: node prisma/seed/draw-media.mjs
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const seed = fileURLToPath(new URL('.', import.meta.url));
const drawings = (await readdir(seed, { recursive: true })).filter((path) => path.endsWith('.svg')).sort();

for (const drawing of drawings) {
  const picture = drawing.replace(/\.svg$/, '.png');
  const { width, height, size } = await sharp(`${seed}${drawing}`)
    .png({ palette: true, colours: 256, dither: 0.6, effort: 9 })
    .toFile(`${seed}${picture}`);
  console.log(`${picture}  ${width}×${height}  ${Math.ceil(size / 1024)} KiB`);
}
