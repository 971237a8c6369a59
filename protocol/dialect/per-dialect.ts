import type { Dialect } from './dialect.ts';

/**
 * Makes something of a part of a dialect once, and gives it out again. Dialects that are made of one
 * another share parts, and may differ in what stands at a path: each has its own.
 */
export function perDialect<Part extends object, Made>(
  make: (dialect: Dialect, part: Part) => Made,
): (dialect: Dialect, part: Part) => Made {
  const all = new WeakMap<Dialect, WeakMap<Part, Made>>();
  // Whoever asks mostly asks for the same dialect again.
  let lastDialect: Dialect | undefined;
  let ofLast = new WeakMap<Part, Made>();
  return (dialect, part) => {
    if (dialect !== lastDialect) {
      ofLast = all.get(dialect) ?? new WeakMap<Part, Made>();
      all.set(dialect, ofLast);
      lastDialect = dialect;
    }
    const known = ofLast.get(part);
    if (known !== undefined) return known;
    const made = make(dialect, part);
    ofLast.set(part, made);
    return made;
  };
}
