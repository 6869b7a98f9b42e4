/** What is told: that something happened to a film. No findings, no names, no numbers: the recipient opens the film to read it. */
export interface Notice {
  /** The same at every attempt: a channel that can, drops the second one. */
  readonly notificationId: string;
  /** "film-ready:2", "film-amended:3", "film-withdrawn:4"; the number rises with every version of the film's reports. */
  readonly topic: string;
  readonly filmId: string;
}

export interface Notifier {
  /** "console", "sms", "wechat" … */
  readonly channel: string;
  /**
   * 'sent': the channel has taken it. 'not-sent': certainly not, try again. 'refused': certainly not, and never will be.
   * A throw means that nobody knows: it is not tried again, a person decides.
   */
  send(notice: Notice): Promise<'sent' | 'not-sent' | 'refused'>;
}

/** The number at the end of a topic; NaN where it isn't one of ours. */
export function editionOf(topic: string): number {
  return Number(topic.slice(topic.lastIndexOf(':') + 1));
}

export function isWithdrawal(topic: string): boolean {
  return topic.startsWith('film-withdrawn:');
}
