// Toast, loading, modal, action sheet, sharing menu.
import { asyncCall, WxFail } from './calling.mjs';

export function interactionCalls(host) {
  const { overlays } = host;
  const text = (value, name) => {
    if (typeof value !== 'string')
      throw new WxFail(`parameter error: parameter.${name} should be String instead of ${typeof value}`);
    return value;
  };
  return {
    calls: {
      showToast: asyncCall(host, 'showToast', ({ title, icon = 'success', image, duration = 1500, mask }) => {
        if (!['success', 'error', 'loading', 'none'].includes(icon)) throw new WxFail(`invalid icon ${icon}`);
        overlays.showToast({ title: text(title, 'title'), icon, image, duration, mask, kind: 'toast' });
      }),
      hideToast: asyncCall(host, 'hideToast', () => void overlays.hideToast('toast')),
      showLoading: asyncCall(host, 'showLoading', ({ title, mask }) =>
        overlays.showToast({ title: text(title, 'title'), icon: 'loading', mask, kind: 'loading' }),
      ),
      hideLoading: asyncCall(host, 'hideLoading', () => void overlays.hideToast('loading')),
      showModal: asyncCall(host, 'showModal', (options) => {
        for (const name of ['confirmText', 'cancelText'])
          if ((options[name] ?? '').length > 4)
            throw new WxFail(`${name} length should not larger than 4 Chinese characters`);
        return overlays.modal(options);
      }),
      showActionSheet: asyncCall(host, 'showActionSheet', async (options) => {
        if (!Array.isArray(options.itemList) || options.itemList.length === 0 || options.itemList.length > 6)
          throw new WxFail('parameter error: itemList should have 1 to 6 items');
        const tapIndex = await overlays.actionSheet(options);
        if (tapIndex < 0) throw new WxFail('cancel');
        return { tapIndex };
      }),
      showShareMenu: asyncCall(host, 'showShareMenu', () => ({})),
      hideShareMenu: asyncCall(host, 'hideShareMenu', () => ({})),
      updateShareMenu: asyncCall(host, 'updateShareMenu', () => ({})),
      enableAlertBeforeUnload: asyncCall(host, 'enableAlertBeforeUnload', () => ({})),
      disableAlertBeforeUnload: asyncCall(host, 'disableAlertBeforeUnload', () => ({})),
    },
  };
}
