/** What the picture of a signature may have: more than any pad, and little enough to decode at once. */
export const SIGNATURE_LIMITS = { width: 1024, height: 1024, pixels: 1024 * 512 } as const;
