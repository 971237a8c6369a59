const LAST_BATCH = 999_999;

/** 999999 is followed by 000001, never by 000000 (spec 6.1). */
export function nextBatchNo(batchNo: string): string {
  const next = Number(batchNo) === LAST_BATCH ? 1 : Number(batchNo) + 1;
  return String(next).padStart(6, '0');
}
