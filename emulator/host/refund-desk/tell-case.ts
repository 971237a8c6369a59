import type { Title } from '../../events/party-event.ts';
import { queueNotice } from '../notifications/outbox.ts';
import type { HostState } from '../host-state.ts';
import type { HostStep } from '../host-step.ts';
import { arrivalOf } from './arrival.ts';
import type { RefundCase } from './case-book.ts';
import type { CaseState } from './case-events.ts';
import { policyOf } from './refund-terms.ts';

/** Tells the holder that his case has come into another state: once a change (B15). */
export function tellCase(step: HostStep, told: RefundCase): void {
  const { id, state, contact, way } = told;
  // Whoever stands at the terminal sees what is decided there.
  if (way === 'terminal' && (state === 'applied' || state === 'agreed')) return;
  queueNotice(step, {
    key: `${id}/${state}`,
    channel: contact,
    to: addressOf(step.state, told),
    text: textOf(step.state, told),
  });
}

/** Words instead of a number: this host knows nobody's. */
function addressOf({ transactions }: HostState, { saleId = '', requestNo }: RefundCase): string {
  const cardId = transactions.get(saleId)?.cardId ?? '';
  return cardId === '' ? `applicant/${requestNo}` : `holder-of-card/${cardId}`;
}

const STATES: Readonly<Record<CaseState, Title>> = {
  applied: { zh: '已收到申请', en: 'was applied for' },
  'under-review': { zh: '正在审核', en: 'is under review' },
  agreed: { zh: '已同意', en: 'is agreed' },
  sent: { zh: '已发出', en: 'was sent' },
  arrived: { zh: '已到账', en: 'has arrived' },
  refused: { zh: '未通过', en: 'was refused' },
  withdrawn: { zh: '已撤回', en: 'was withdrawn' },
};

function textOf(host: HostState, told: RefundCase): Title {
  const { zh, en } = STATES[told.state];
  const more = moreOf(host, told);
  return { zh: `退款 ${told.id} ${zh}${more.zh}`, en: `refund ${told.id} ${en}${more.en}` };
}

function moreOf(host: HostState, told: RefundCase): Title {
  const { state, dates, refusal } = told;
  if (state === 'refused' && refusal !== undefined) {
    return { zh: `（${refusal.reason}）`, en: `: ${refusal.why}` };
  }
  if (state !== 'sent' || dates.sent === undefined) return { zh: '', en: '' };
  const { earliest, latest } = arrivalOf(policyOf(host, told), dates.sent);
  return {
    zh: `，预计 ${earliest} 至 ${latest} 到账`,
    en: `, and arrives between ${earliest} and ${latest}`,
  };
}
