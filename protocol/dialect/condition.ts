/** A question about a message, as data: of a dialect's rules, variants, leniencies. */
export type Condition =
  | { readonly present: string }
  | { readonly absent: string }
  /** The value at the path is one of these. */
  | { readonly path: string; readonly is: readonly string[] }
  /** The value at the path begins with one of these. */
  | { readonly path: string; readonly starts: readonly string[] }
  /** The value at the path has one of these lengths, in characters. */
  | { readonly path: string; readonly lengths: readonly number[] }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/**
 * Whether a condition holds.
 * @param read the value at a path (`mti`, `39`, `60.1`), undefined when it is not there
 */
export function holds(condition: Condition, read: (path: string) => string | undefined): boolean {
  return conditionTest<undefined>(condition, (path) => () => read(path))(undefined);
}

/**
 * A condition made ready for being asked of many messages.
 * @param readerOf makes what reads the value at a path out of a message
 */
export function conditionTest<Message>(
  condition: Condition,
  readerOf: (path: string) => (message: Message) => string | undefined,
): (message: Message) => boolean {
  const testOf = (each: Condition): ((message: Message) => boolean) =>
    conditionTest(each, readerOf);
  if ('present' in condition) {
    const read = readerOf(condition.present);
    return (message) => read(message) !== undefined;
  }
  if ('absent' in condition) {
    const read = readerOf(condition.absent);
    return (message) => read(message) === undefined;
  }
  if ('all' in condition) {
    const tests = condition.all.map(testOf);
    return (message) => tests.every((test) => test(message));
  }
  if ('any' in condition) {
    const tests = condition.any.map(testOf);
    return (message) => tests.some((test) => test(message));
  }
  if ('not' in condition) {
    const test = testOf(condition.not);
    return (message) => !test(message);
  }
  const read = readerOf(condition.path);
  const isRight = valueTest(condition);
  return (message) => {
    const value = read(message);
    return value !== undefined && isRight(value);
  };
}

function valueTest(
  condition: Extract<Condition, { readonly path: string }>,
): (value: string) => boolean {
  if ('is' in condition) return (value) => condition.is.includes(value);
  if ('starts' in condition) {
    return (value) => condition.starts.some((start) => value.startsWith(start));
  }
  return (value) => condition.lengths.includes(value.length);
}

/** The paths that a condition looks at. */
export function pathsOf(condition: Condition): string[] {
  if ('present' in condition) return [condition.present];
  if ('absent' in condition) return [condition.absent];
  if ('all' in condition) return condition.all.flatMap(pathsOf);
  if ('any' in condition) return condition.any.flatMap(pathsOf);
  if ('not' in condition) return pathsOf(condition.not);
  return [condition.path];
}

/** Of these, the paths whose values count: that a whole field is there or not is no value. */
export function valuePathsOf(condition: Condition): string[] {
  if ('present' in condition) return condition.present.includes('.') ? [condition.present] : [];
  if ('absent' in condition) return condition.absent.includes('.') ? [condition.absent] : [];
  if ('all' in condition) return condition.all.flatMap(valuePathsOf);
  if ('any' in condition) return condition.any.flatMap(valuePathsOf);
  if ('not' in condition) return valuePathsOf(condition.not);
  return [condition.path];
}

/** A condition in words, for messages: `22 begins 05 or 07`. */
export function conditionText(condition: Condition): string {
  if ('present' in condition) return `field ${condition.present} is there`;
  if ('absent' in condition) return `field ${condition.absent} is absent`;
  if ('all' in condition) return condition.all.map(conditionText).join(' and ');
  if ('any' in condition) return condition.any.map(conditionText).join(' or ');
  if ('not' in condition) return `not (${conditionText(condition.not)})`;
  const what = condition.path === 'mti' ? 'the message type' : `field ${condition.path}`;
  if ('is' in condition) return `${what} is ${condition.is.join(' or ')}`;
  if ('starts' in condition) return `${what} begins with ${condition.starts.join(' or ')}`;
  return `${what} has length ${condition.lengths.join(' or ')}`;
}
