import { CountersignError } from '../../protocol/errors/countersign-error.ts';
import { explainCase } from '../../scenarios/language/explain-case.ts';
import { findCases } from '../../scenarios/find-scenarios.ts';
import { EXIT } from '../exit-codes.ts';

export function explainCommand(names: string[], lang: string): number {
  if (lang !== 'zh' && lang !== 'en') {
    throw new CountersignError('E_USAGE', {
      text: `--lang ${lang}`,
      hint: '--lang takes zh or en',
    });
  }
  const texts = findCases(names).map((each) => explainCase(each, lang));
  process.stdout.write(texts.join('\n'));
  return EXIT.asExpected;
}
