/** Does something once everything that has come in during this turn of the event loop was heard. */
export function atTurnEnd(work: () => void): void {
  setImmediate(work);
}
