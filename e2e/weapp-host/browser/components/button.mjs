// <button>: looks, form buttons, and the open-types that lead out of the mini-program.

import { plainEvent } from '../plain-event.mjs';
import { resetForm, submitForm } from './form.mjs';

const known = ['', 'share', 'getPhoneNumber', 'openSetting', 'contact', 'agreePrivacyAuthorization'];

export const buttonParts = (host) => ({
  button: {
    properties: {
      type: { type: String, value: 'default' },
      size: { type: String, value: 'default' },
      plain: Boolean,
      disabled: Boolean,
      loading: Boolean,
      formType: String,
      openType: String,
      hoverClass: String,
      name: String,
      sessionFrom: String,
    },
    update(_, element, { type, size, disabled, loading, plain }) {
      element.dataset.type = plain ? 'plain' : type;
      element.dataset.size = size;
      element.toggleAttribute('data-disabled', disabled);
      element.toggleAttribute('data-loading', loading);
    },
    attached(node) {
      node.addListener('tap', (event) => {
        const { disabled, formType, openType } = node.data;
        if (disabled) return false;
        if (formType === 'submit') submitForm(node);
        if (formType === 'reset') resetForm(node);
        if (openType === 'share') host.overlays.shared = host.pages.shareFrom(plainEvent(host, event).currentTarget);
        else if (openType === 'getPhoneNumber')
          node.triggerEvent('getphonenumber', {
            errMsg: 'getPhoneNumber:ok',
            code: `phone-${host.settings.loginCode}`,
          });
        else if (!known.includes(openType))
          host.faults.add(`<button open-type="${openType}"> is not part of this host`);
        return undefined;
      });
    },
  },
});
