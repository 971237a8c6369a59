/** How a link ended: closed in order, broken, or never there. */
export type CloseReason = 'ended' | 'reset' | 'refused' | 'timeout';

/** What happens on a link; nothing comes after `closed`. */
export interface LinkEvents {
  opened(): void;
  received(bytes: Uint8Array): void;
  closed(reason: CloseReason): void;
}

/** One byte stream, to be written to once `opened`. After `end` or `abort` its owner hears nothing. */
export interface Link {
  send(bytes: Uint8Array): void;
  /** Closes after what was sent has left. */
  end(): void;
  /** Breaks the link at once. */
  abort(): void;
}

export interface ListenEvents {
  /** `endpoint` is where it really listens, such as `127.0.0.1:40123`. */
  listening(endpoint: string): void;
  failed(error: Error): void;
  accepted(link: Link): LinkEvents;
}

export interface Listener {
  /** Accepts no more; links that were accepted live on. */
  close(): void;
}

export interface Network {
  connect(endpoint: string, events: LinkEvents): Link;
  listen(endpoint: string, events: ListenEvents): Listener;
}
