import type { Log } from '../../ports/log';
import type { Notifier } from '../../ports/notifier';

/** The demo's "console SMS" (design D16): a line in the log, nothing leaves the machine. */
export function createLogNotifier({ log }: { readonly log: Log }): Notifier {
  return {
    channel: 'console',
    send: async ({ notificationId, topic, filmId }) => {
      log.info('notification', { notificationId, topic, filmId });
      return 'sent';
    },
  };
}
