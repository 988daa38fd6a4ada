/**
 * Types of `window.WebchatAPI`, for pages that carry the tag of a Chat widget. Copy this file into your project.
 * What each command does, and when events come: docs/chat-api.md.
 */

interface Window {
  /** There once the tag's script has run, and until `destroy()`. */
  WebchatAPI?: WebchatAPI;
}

interface WebchatMessage {
  /** Of the message; empty where nothing named it. */
  id: string;
  /** As it was written; an answer's is Markdown. */
  text: string;
  /** ISO 8601. */
  at: string;
}

interface WebchatEnd {
  /** REASON_USER_END, REASON_NATURAL_END (the agent said goodbye) or REASON_USER_ABANDONED. */
  reason: string;
}

interface WebchatConfig {
  code: string;
  /** What the button is called. */
  name: string;
  theme: 'light' | 'dark' | 'auto';
  side: 'left' | 'right';
  label: string;
}

interface WebchatBubble {
  /** At most 200 characters. */
  text: string;
  /** Until somebody presses it, where there is none. */
  durationMs?: number;
}

interface WebchatAnimation {
  type: 'bounce' | 'grow' | 'pulse';
  /** 1000 where there is none. */
  durationMs?: number;
}

interface WebchatContext {
  sessionId: string;
  /** What the token's `sub` must be. */
  contextId: string;
}

/** One level: what a flow or a topic may name as ${page.x}; anybody can write it, so it proves nothing. */
interface WebchatData {
  [name: string]: string | number | boolean | null;
}

interface WebchatEvents {
  ready: () => void;
  open: () => void;
  closed: () => void;
  sessionEnded: (end: WebchatEnd) => void;
  messageSent: (message: WebchatMessage) => void;
  messageReceived: (message: WebchatMessage) => void;
}

interface WebchatAPI {
  openWidget(): void;
  closeWidget(): void;
  endSession(): Promise<null>;
  getConfig(): WebchatConfig;
  isFullscreen(): boolean;
  showIcon(): void;
  hideIcon(): void;
  animateIcon(animation: WebchatAnimation): void;
  showBubble(bubble: WebchatBubble): void;
  hideBubble(): void;
  identifyUser(user: WebchatData): void;
  setContext(data: WebchatData): void;
  onContextRequired(handler: (about: WebchatContext) => string | Promise<string>): void;
  refreshVerifiedContext(): void;
  off<K extends keyof WebchatEvents>(name: K, handler: WebchatEvents[K]): void;
  destroy(): Promise<void>;
  onReady(handler: WebchatEvents['ready']): void;
  onOpen(handler: WebchatEvents['open']): void;
  onClosed(handler: WebchatEvents['closed']): void;
  onSessionEnded(handler: WebchatEvents['sessionEnded']): void;
  onMessageSent(handler: WebchatEvents['messageSent']): void;
  onMessageReceived(handler: WebchatEvents['messageReceived']): void;
}
