import { backOffMs } from '../back-off.ts';
import type { WebOutcome } from '../../world/web.ts';
import { commit, type HostStep } from '../host-step.ts';
import type { HostState } from '../host-state.ts';
import type { Notice } from './notice-book.ts';
import type { NoticeRecord } from './notice-events.ts';

const ALARM = 'notice:';

/**
 * Queues a message with the change that it tells; it leaves when both are in the journal. A change that
 * comes a second time has a number behind its key.
 */
export function queueNotice(step: HostStep, notice: NoticeRecord): void {
  const { notices } = step.state;
  let key = notice.key;
  for (let count = 2; notices.has(key); count++) key = `${notice.key}/${count}`;
  commit(step, { kind: 'notice-queued', notice: { ...notice, key } });
  if (nextOf(step.state, key)?.key === key) sendNext(step, key);
}

/** What a message is about: the part of its key before the first stroke. */
function subjectOf(key: string): string {
  return key.split('/', 1)[0] ?? key;
}

/** The oldest message about the same that is still due: people hear of changes in their order. */
function nextOf({ dueNotices }: HostState, key: string): Notice | undefined {
  const subject = subjectOf(key);
  for (const notice of dueNotices.values()) {
    if (subjectOf(notice.key) === subject) return notice;
  }
  return undefined;
}

/** Sends what is next about the same; its key keeps the gateway from telling it twice. */
function sendNext(step: HostStep, about: string): void {
  const notice = nextOf(step.state, about);
  if (notice === undefined) return;
  const { key, channel, to, text } = notice;
  const body = JSON.stringify({ key, to, text: text.zh });
  const limitMs = step.state.institution.policy.noticeCallMs;
  const call = { method: 'POST', path: `/${channel}`, body } as const;
  step.effects.push({ kind: 'call-notice', key, call, limitMs });
}

/** Delivered on any 2xx; everything else is tried again, later and later. */
export function noticeAnswered(step: HostStep, key: string, outcome: WebOutcome): void {
  const notice = step.state.notices.get(key);
  if (notice === undefined || notice.isDelivered) return;
  if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300) {
    commit(step, { kind: 'notice-delivered', key });
    sendNext(step, key);
    return;
  }
  const reason = outcome.kind === 'failed' ? outcome.reason : `HTTP ${outcome.status}`;
  const { noticeRetryMs } = step.state.institution.policy;
  const delayMs = backOffMs(noticeRetryMs, notice.failures);
  commit(step, { kind: 'notice-failed', key, reason });
  step.effects.push({ kind: 'start-alarm', key: ALARM + key, delayMs });
}

/** An alarm of the outbox; others are not its own. */
export function noticeRings(step: HostStep, alarm: string): void {
  if (alarm.startsWith(ALARM)) sendNext(step, alarm.slice(ALARM.length));
}

/** After a start everything that is not known to be delivered goes out again. */
export function resumeNotices(step: HostStep): void {
  const subjects = new Set([...step.state.dueNotices.keys()].map(subjectOf));
  for (const subject of subjects) sendNext(step, subject);
}
