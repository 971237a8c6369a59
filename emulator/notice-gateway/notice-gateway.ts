import { forgetfulStore } from '../world/forgetful-store.ts';
import type { Store } from '../world/store.ts';
import type { WebAnswer, WebRequest } from '../world/web.ts';

/** A message as somebody got it. */
export interface Message {
  readonly key: string;
  readonly channel: string;
  readonly to: string;
  readonly text: string;
  /** Times that it was asked for, as far as the process of the gateway knows; it was shown once. */
  readonly calls: number;
}

/** What the gateway has shown, in its own journal. */
export interface NoticeEvent extends Omit<Message, 'calls'> {
  readonly kind: 'message-shown';
}

/** The gateway for text messages and mail: a party of its own, spoken to over HTTP. */
export interface NoticeGateway {
  answer(request: WebRequest): WebAnswer;
  /** Answers this many calls with 503 from now on, and does nothing. */
  fail(times: number): void;
  /** What people have got, in order. */
  messages(): readonly Message[];
}

/**
 * A gateway that shows a message once by its key, and never anything else under that key. With a store
 * it knows what it has shown after its process has ended as well.
 *
 * @param onMessage hears of each message once, when it is shown
 */
export function noticeGateway(
  onMessage: (message: Message) => void = () => undefined,
  store: Store<NoticeEvent> = forgetfulStore(),
): NoticeGateway {
  const messages = new Map<string, Message>();
  for (const { kind: _, ...shown } of store.replay())
    messages.set(shown.key, { ...shown, calls: 1 });
  let failures = 0;
  return {
    answer({ method, path, body }) {
      if (failures > 0) {
        failures--;
        return said(503);
      }
      const channel = path.slice(1);
      if (method !== 'POST' || (channel !== 'sms' && channel !== 'mail')) return said(404);
      const asked = readBody(body);
      if (asked === undefined) return said(400);
      const earlier = messages.get(asked.key);
      if (earlier !== undefined) {
        messages.set(asked.key, { ...earlier, calls: earlier.calls + 1 });
        return said(202);
      }
      store.append([{ kind: 'message-shown', ...asked, channel }]);
      const message = { ...asked, channel, calls: 1 };
      messages.set(asked.key, message);
      onMessage(message);
      return said(202);
    },
    fail(times) {
      failures = times;
    },
    messages: () => [...messages.values()],
  };
}

function said(status: number): WebAnswer {
  return { status, body: '' };
}

function readBody(body: string): Pick<Message, 'key' | 'to' | 'text'> | undefined {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof content !== 'object' || content === null) return undefined;
  const { key, to, text } = content as Readonly<Record<string, unknown>>;
  const isWhole = [key, to, text].every((each) => typeof each === 'string' && each !== '');
  return isWhole ? { key: String(key), to: String(to), text: String(text) } : undefined;
}
