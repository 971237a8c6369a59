import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { decompress } from 'wawoff2';
import { SLIP_FONT } from './slip-svg.ts';

const FONT_FILE =
  '@fontsource/fusion-pixel-12px-proportional-sc/files/fusion-pixel-12px-proportional-sc-latin-400-normal.woff2';
const WASM_FILE = '@resvg/resvg-wasm/index_bg.wasm';

let ready: Promise<Uint8Array> | undefined;

/** A slip's SVG as PNG, with the font that comes with the package: the same bytes everywhere. */
export async function slipPng(svg: string): Promise<Uint8Array> {
  ready ??= prepare();
  const font = await ready;
  const drawing = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: SLIP_FONT },
    textRendering: 0,
  });
  try {
    return drawing.render().asPng();
  } finally {
    drawing.free();
  }
}

/** Once a process: the renderer, and the font unpacked. */
async function prepare(): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  await initWasm(readFile(resolve(WASM_FILE)));
  return decompress(await readFile(resolve(FONT_FILE)));
}
