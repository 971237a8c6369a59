import { verifyCaseExport } from '../../emulator/host/evidence/case-export.ts';
import type { RetrievalOutcome } from '../../emulator/host/evidence/retrieve.ts';
import { transactionId } from '../../emulator/host/transaction-index.ts';
import { civilTime, isoDate } from '../../emulator/world/civil-time.ts';
import { isDrawn } from './archive-verbs.ts';
import { BY_ARG, controlOf, resultOf, STEP_ARG } from './args.ts';
import { subjectOf } from './audit.ts';
import { say, type StepContext, type Verb } from './verb.ts';

const acting = { needs: ['host-control'], isObservation: false } as const;

export const retrieve: Verb = {
  ...acting,
  name: 'retrieve',
  doc: 'asks for the slip of a transaction (调单): slip elements and signature, out of the sealed archive',
  args: {
    of: STEP_ARG,
    reason: { doc: 'why', pattern: '.{1,80}', required: true, example: 'the holder asks' },
    paper: {
      doc: 'hands in what has come on paper, which closes an open request',
      pattern: '.{1,80}',
      example: 'signed slip',
    },
    by: BY_ARG,
  },
  sees: {
    outcome: 'answered, open (evidence is missing) or refused',
    retrieval: 'number of the request; an open one is looked at again under its number',
    due: 'the day by which it must be answered',
    missing: 'why it is open',
    with: 'image, rule (it needs no signature) or paper',
    sealed: 'place of the signature in the chain of the archive',
    chain: 'whole, or what is wrong with it',
    size: 'bytes of the picture',
    drawn: 'yes when its pixels are those that the holder has drawn in this case, else no',
    slip: 'merchant, type and time on the slip',
    detail: 'the rule, or what has come on paper',
    why: 'why it was refused',
  },
  explain: ({ of = '', reason = '', paper, by = '' }, lang) =>
    paper === undefined
      ? say(lang, {
          zh: `${by} 调单 ${of}（${reason}）`,
          en: `${by} asks for the slip of ${of} (${reason})`,
        })
      : say(lang, {
          zh: `${by} 补交 ${of} 的纸质凭证：${paper}`,
          en: `${by} hands in paper for ${of}: ${paper}`,
        }),
  run(context, { of = '', reason = '', paper, by = '' }) {
    const { evidence } = controlOf(context);
    const id = idOf(context, of);
    const asked = evidence.retrieve({ id, reason, by });
    const result =
      paper !== undefined && asked.outcome === 'open'
        ? evidence.supply(asked.retrieval.id, paper, by)
        : asked;
    return Promise.resolve({ seen: seenOf(context, of, result) });
  },
};

function idOf(context: StepContext, reference: string): string {
  const { operation, tid = '' } = resultOf(context, reference);
  return transactionId(tid, operation?.batchNo ?? '', operation?.stan ?? '');
}

function seenOf(
  context: StepContext,
  of: string,
  result: RetrievalOutcome,
): { [name: string]: string } {
  if (result.outcome === 'refused') return { outcome: 'refused', why: result.why };
  const { id, dueOn, evidence, detail } = result.retrieval;
  const known = { outcome: result.outcome, retrieval: id, due: dueOn };
  if (result.outcome === 'open') return { ...known, missing: result.missing };
  const answered = { ...known, ...(evidence === undefined ? {} : { with: evidence }) };
  const { slip } = result;
  if (slip === undefined) {
    return { ...answered, ...(detail === undefined ? {} : { detail }) };
  }
  const { merchantName = '', typeName = '', dateTime = '' } = slip.elements;
  const strokes = context.drawn.get(idOf(context, of));
  const { operation } = resultOf(context, of);
  return {
    ...answered,
    sealed: String(slip.seal.sequence),
    chain: slip.broken ?? 'whole',
    size: String(slip.picture.length / 2),
    slip: `${merchantName} ${typeName} ${dateTime}`.trim(),
    ...(strokes === undefined
      ? {}
      : { drawn: isDrawn(slip.picture, strokes, operation) ? 'yes' : 'no' }),
  };
}

export const openRetrievals: Verb = {
  needs: ['host-control'],
  isObservation: true,
  name: 'open-retrievals',
  doc: 'requests for slips that are not answered yet',
  args: {},
  sees: { open: 'how many there are', overdue: 'how many of them should have been answered' },
  explain: (_args, lang) => say(lang, { zh: '查看未回复的调单', en: 'Slips that were asked for' }),
  run(context) {
    const today = isoDate(civilTime(context.target.civilMs()));
    const open = controlOf(context).evidence.openRetrievals(today);
    const overdue = open.filter(({ isOverdue }) => isOverdue).length;
    return Promise.resolve({ seen: { open: String(open.length), overdue: String(overdue) } });
  },
};

export const exportCase: Verb = {
  needs: ['host-control'],
  isObservation: false,
  name: 'export-case',
  doc: 'takes everything about a transaction, a hold … out of the house, masked and chained, and verifies it',
  args: {
    of: STEP_ARG,
    altered: {
      doc: 'yes: a bit in the middle is turned first',
      pattern: 'yes|no',
      example: 'yes',
    },
  },
  sees: {
    outcome: 'whole, or broken when the verifier finds a change',
    count: 'records in it',
    events: 'their kinds, in order',
    masked: 'yes when no card number of a test card stands in it, else no',
    why: 'what the verifier found',
  },
  explain: ({ of = '', altered }, lang) =>
    say(lang, {
      zh: `导出 ${of} 的案卷（供监管）${altered === 'yes' ? '，途中被改一位' : ''}`,
      en: `The case of ${of} is exported${altered === 'yes' ? ', and a bit of it turned' : ''}`,
    }),
  run(context, { of, altered }) {
    const control = controlOf(context);
    const subject = subjectOf(context, of);
    const text = control.evidence.exportCase(subject);
    const verdict = verifyCaseExport(altered === 'yes' ? turned(text) : text);
    const { cards } = context.target.institution;
    const isMasked = cards.every(
      ({ pan, track2 }) => !text.includes(pan) && !text.includes(track2),
    );
    const trail = control.evidence.trail(subject);
    return Promise.resolve({
      seen: {
        events: trail.map(({ event }) => event.kind).join(' '),
        masked: isMasked ? 'yes' : 'no',
        ...(verdict.isWhole
          ? { outcome: 'whole', count: String(verdict.records) }
          : { outcome: 'broken', why: verdict.why }),
      },
    });
  },
};

/** The text with one letter or digit in its middle changed into its neighbour. */
function turned(text: string): string {
  const at = text.slice(text.length / 2).search(/[0-8]/) + Math.floor(text.length / 2);
  return text.slice(0, at) + String(Number(text[at]) + 1) + text.slice(at + 1);
}
