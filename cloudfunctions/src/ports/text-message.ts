import type { FieldPlace } from './field-cipher';

/** What is said; the words are the channel's (an SMS gateway knows its approved templates by name). */
export type TextMessageTemplate = 'sign-in-code' | 'link-code';

export interface OutgoingTextMessage {
  /** The same at every attempt: a channel that can, drops the second one. */
  readonly messageId: string;
  /** Mainland mobile number, 11 digits. */
  readonly phone: string;
  readonly template: TextMessageTemplate;
  readonly params: { readonly code: string; readonly validMinutes: number };
}

export interface TextMessages {
  /** "console", "webhook" … */
  readonly channel: string;
  /**
   * 'sent': the channel has taken it. 'not-sent': certainly not, try again. 'refused': certainly not, and never will be.
   * A throw means that nobody knows: it is not tried again, the person asks for another code.
   */
  send(message: OutgoingTextMessage): Promise<'sent' | 'not-sent' | 'refused'>;
}

/** What a row of `text_message` holds, sealed, as JSON. */
export interface TextMessageContent {
  /** The phone itself, or a record whose phone is looked up when the message goes out (there may be no such record). */
  readonly to: { readonly phone: string } | { readonly hospitalId: string; readonly patientRecordId: string };
  readonly params: OutgoingTextMessage['params'];
}

/** Where it is sealed for: text messages belong to no hospital. */
export function textMessagePlace(rowId: string): FieldPlace {
  return { tenantId: 'platform', table: 'text_message', column: 'content_sealed', rowId };
}
