/** What is told: that something happened to a film. No findings, no names, no numbers: the recipient opens the film to read it. */
export interface Notice {
  /** The same at every attempt: a channel that can, drops the second one. */
  readonly notificationId: string;
  /** "film-ready/12", "film-amended/12+15", "film-withdrawn/17": what happened, and the journal's numbers of the report versions it is about. */
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

/** Whether a topic is about these versions (pipeline/publish/decide-film.ts). */
export function isAbout(topic: string, edition: string): boolean {
  return topic.slice(topic.indexOf('/') + 1) === edition;
}

export function isWithdrawal(topic: string): boolean {
  return topic.startsWith('film-withdrawn');
}
