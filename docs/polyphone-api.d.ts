/**
 * Types of `window.PolyphoneAPI`, for pages that carry the tag of a Phone widget. Copy this file into your project.
 * What each command does, in which order events come, and which codes errors have: docs/page-api.md.
 */

interface Window {
  /** There once the tag's script has run, and until `destroy()`. */
  PolyphoneAPI?: PolyphoneAPI;
}

interface PolyphoneSession {
  id: string;
  /** What the visitor sees at the end of the call, and the console beside the conversation. */
  reference: string;
  status: 'init' | 'ringing' | 'answered' | 'failed' | 'ended';
  direction: 'outgoing';
  /** ISO 8601. */
  startTime: string;
  answerTime: string | null;
  /** Seconds since the answer. */
  duration: number;
  muted: boolean;
  localHold: boolean;
  remoteHold: boolean;
}

/** What the promise of a command is rejected with, and what `onError` gets. */
interface PolyphoneError extends Error {
  name: 'InvalidStateError' | 'NotAllowedError' | 'NetworkError' | 'OperationError' | 'NotSupportedError' | 'AbortError' | 'ServerError' | 'TypeError' | 'RangeError';
  code: string;
}

interface PolyphoneCapture {
  deviceLabel: string;
  sampleRate: number;
  /** Only where the widget allows it: delivers PolyphoneSound, and null at the end. Answer each piece with any message. */
  port?: MessagePort;
}

interface PolyphoneSound {
  /** Counts the samples since the beginning, so that a gap shows. */
  from: number;
  /** 40 ms of the visitor's microphone, one channel. */
  samples: Int16Array;
}

interface PolyphoneEnd {
  /** Why, in one word: `visitor_ended`, `agent_ended`, …; of onFailed an error's code, `cancelled` or `elsewhere`. */
  cause: string;
  originator: 'local' | 'remote';
  description: string;
}

/** The page that goes with an answer; the card shows it, too. */
interface PolyphoneLink {
  kind: 'link';
  title: string;
  url: string;
}

interface PolyphoneInfo {
  originator: 'remote';
  /** Other kinds may come. */
  info: { body: PolyphoneLink | { kind: string } };
}

interface PolyphoneTranscription {
  originator: 'local' | 'remote';
  messages: { text: string }[];
  /** The same index again replaces the text. */
  index: number;
  final: boolean;
}

/** Flat: at most 50 names, 8 KB. */
type PolyphoneData = Record<string, string | number | boolean | null>;

interface PolyphoneEvents {
  ready: () => void;
  connecting: () => void;
  connected: () => void;
  disconnected: () => void;
  registered: () => void;
  unregistered: () => void;
  ringing: (session: PolyphoneSession) => void;
  answered: (session: PolyphoneSession) => void;
  ended: (session: PolyphoneSession | null, end: PolyphoneEnd) => void;
  failed: (session: PolyphoneSession | null, end: PolyphoneEnd) => void;
  muted: (session: PolyphoneSession) => void;
  unmuted: (session: PolyphoneSession) => void;
  captureAudio: (capture: PolyphoneCapture) => void;
  audioEnded: () => void;
  infoSent: (text: string, data: PolyphoneData) => void;
  infoReceived: (info: PolyphoneInfo) => void;
  transcription: (transcription: PolyphoneTranscription) => void;
  error: (error: PolyphoneError) => void;
}

interface PolyphoneAPI {
  connect(): Promise<null>;
  disconnect(): Promise<null>;
  startCall(): Promise<PolyphoneSession>;
  endCall(): Promise<null>;
  connectAndCall(): Promise<PolyphoneSession>;
  mute(): Promise<null>;
  unmute(): Promise<null>;
  sendInfo(text: string, data?: PolyphoneData): Promise<null>;
  isConnected(): boolean;
  getCurrentSession(): PolyphoneSession | null;
  destroy(): Promise<void>;
  off<Name extends keyof PolyphoneEvents>(name: Name, handler: PolyphoneEvents[Name]): void;

  onReady(handler: PolyphoneEvents['ready']): void;
  onConnecting(handler: PolyphoneEvents['connecting']): void;
  onConnected(handler: PolyphoneEvents['connected']): void;
  onDisconnected(handler: PolyphoneEvents['disconnected']): void;
  onRegistered(handler: PolyphoneEvents['registered']): void;
  onUnregistered(handler: PolyphoneEvents['unregistered']): void;
  onRinging(handler: PolyphoneEvents['ringing']): void;
  onAnswered(handler: PolyphoneEvents['answered']): void;
  onEnded(handler: PolyphoneEvents['ended']): void;
  onFailed(handler: PolyphoneEvents['failed']): void;
  onMuted(handler: PolyphoneEvents['muted']): void;
  onUnmuted(handler: PolyphoneEvents['unmuted']): void;
  onCaptureAudio(handler: PolyphoneEvents['captureAudio']): void;
  onAudioEnded(handler: PolyphoneEvents['audioEnded']): void;
  onInfoSent(handler: PolyphoneEvents['infoSent']): void;
  onInfoReceived(handler: PolyphoneEvents['infoReceived']): void;
  onTranscription(handler: PolyphoneEvents['transcription']): void;
  onError(handler: PolyphoneEvents['error']): void;
}
