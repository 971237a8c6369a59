/** 10000 → `100.00`; amounts are whole fen everywhere and become yuan only for people. */
export function formatYuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `100`, `100.5`, `10 000.00` → fen; undefined when it is no amount of at most two decimals. */
export function parseYuan(text: string): number | undefined {
  const match = /^(-?)(\d{1,3}(?:[ ,]\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, whole, decimals = ''] = match;
  const fen = Number(whole!.replaceAll(/[ ,]/g, '') + decimals.padEnd(2, '0'));
  if (!Number.isSafeInteger(fen)) return undefined;
  return sign === '-' && fen > 0 ? -fen : fen;
}

/** The most that field 4 holds. */
export const MOST_FEN = 999_999_999_999;

/** Whether an amount can be asked for: whole fen, above nothing, twelve digits. */
export function isAmount(fen: number): boolean {
  return Number.isSafeInteger(fen) && fen > 0 && fen <= MOST_FEN;
}

/** 10000 → `000000010000`, field 4. */
export function amountDigits(fen: number): string {
  return String(fen).padStart(12, '0');
}
