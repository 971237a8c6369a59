import { writeFileSync } from 'node:fs';
import { slipPng } from '../reports/slip/slip-png.ts';
import { slipSvg } from '../reports/slip/slip-svg.ts';
import { generatedFiles } from './generated.ts';
import { SAMPLE_SLIP_FILE, sampleSlip } from './sample-slip.ts';

const picture = await slipPng(slipSvg(sampleSlip(), 'zh'));
for (const [path, content] of [...generatedFiles(), [SAMPLE_SLIP_FILE, picture] as const]) {
  writeFileSync(new URL(`../${path}`, import.meta.url), content);
  process.stdout.write(`${path}\n`);
}
