/** Unpacks Chromium 72 from its package to node_modules/chromium-72, once. */

import { createReadStream, createWriteStream, existsSync, readdirSync, renameSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const modules = new URL('node_modules/', import.meta.url);
const packed = new URL('chrome-aws-lambda/bin/', modules);
const wanted = new URL('chromium-72', modules);
const half = new URL('chromium-72.part', modules);

if (!existsSync(wanted)) {
  const name = readdirSync(packed).find((one) => one.endsWith('.br'));
  await pipeline(createReadStream(new URL(name, packed)), createBrotliDecompress(), createWriteStream(half, { mode: 0o755 }));
  renameSync(half, wanted);
}
