import { nextBatchNo } from '../../protocol/message/batch-number.ts';
import { parseYuan } from '../../protocol/message/amount.ts';

/**
 * `contains text` looks for a piece of it. `present` and `absent` ask only whether there is a value;
 * `next 000001` is the number after it, as batch and trace numbers go.
 */
export function fits(expected: string, got: string | undefined): boolean {
  if (expected === 'present') return got !== undefined;
  if (expected === 'absent') return got === undefined;
  if (got === undefined) return false;
  const piece = /^contains (.+)$/s.exec(normal(expected))?.[1];
  if (piece !== undefined) return normal(got).includes(piece);
  const before = /^next (\d{6})$/.exec(expected.trim())?.[1];
  if (before !== undefined) return got === nextBatchNo(before);
  if (normal(expected) === normal(got)) return true;
  // Amounts compare as amounts: 9 900.00 and 9900.00 are the same.
  const amount = /[.]\d\d$/.test(got) ? parseYuan(got) : undefined;
  return amount !== undefined && parseYuan(expected) === amount;
}

function normal(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
