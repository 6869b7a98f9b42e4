// <image> and <cover-image>.

const fits = { aspectFit: 'contain', aspectFill: 'cover', scaleToFill: 'fill', widthFix: 'fill', heightFix: 'fill' };

export const imageParts = (host) => {
  const part = {
    properties: {
      src: String,
      mode: { type: String, value: 'scaleToFill' },
      lazyLoad: Boolean,
      showMenuByLongpress: Boolean,
      webp: Boolean,
      svg: Boolean,
    },
    attached(node, element) {
      const image = document.createElement('img');
      image.draggable = false;
      image.style.cssText = 'width:100%;height:100%;display:block';
      element.append(image);
      image.onload = () => {
        const { mode } = node.data;
        if (mode === 'widthFix')
          element.style.height = `${(element.clientWidth * image.naturalHeight) / image.naturalWidth}px`;
        if (mode === 'heightFix')
          element.style.width = `${(element.clientHeight * image.naturalWidth) / image.naturalHeight}px`;
        node.triggerEvent('load', { width: image.naturalWidth, height: image.naturalHeight });
      };
      image.onerror = () => node.triggerEvent('error', { errMsg: `GET ${node.data.src} failed` });
    },
    update(node, element, { src, mode }) {
      const image = element.firstChild;
      image.style.objectFit = fits[mode] ?? 'none';
      if (src === '' || node.wxhSrc === src) return;
      node.wxhSrc = src;
      image.src = resolveImage(host, src, host.pages.pageOf(element)?.path ?? '');
    },
  };
  return { image: part, 'cover-image': part };
};

/** A package path, a data URL, or a file that this mini-program wrote. */
export function resolveImage(host, src, pagePath) {
  if (/^(data:|blob:)/.test(src)) return src;
  if (/^(wxfile:|http:\/\/(usr|tmp))/.test(src)) return host.wx.inside.files.urlOf(src) ?? '';
  if (/^https?:/.test(src)) {
    host.faults.add(`<image src="${src.slice(0, 80)}">: this host loads no image from the network`);
    return '';
  }
  return src.startsWith('/') ? `/app${src}` : new URL(src, `http://host/app/${pagePath}`).pathname;
}
