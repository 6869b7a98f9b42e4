// <canvas type="2d | webgl | webgl2">. A selector query's `node` gives the canvas as WeChat's Canvas object, not as a DOM element.
// https://developers.weixin.qq.com/miniprogram/dev/api/canvas/Canvas.html

const contexts = ['2d', 'webgl', 'webgl2'];

export const canvasParts = (host) => ({
  canvas: {
    properties: { type: String, canvasId: String, disableScroll: Boolean },
    attached(node, element) {
      const { type, canvasId } = node.data;
      if (canvasId !== '' && type === '')
        host.faults.add('<canvas canvas-id> is the old canvas, which WeChat no longer maintains: give it a type');
      else if (!contexts.includes(type))
        host.faults.add(`<canvas type="${type}">: WeChat knows ${contexts.join(', ')}`);
      const canvas = document.createElement('canvas');
      element.append(canvas);
      element.addEventListener(
        'touchmove',
        (event) => node.data.disableScroll && event.cancelable && event.preventDefault(),
        {
          passive: false,
        },
      );
      node.wxhCanvas = canvasObject(host, canvas, () => node.data.type);
    },
  },
});

/** @returns WeChat's Canvas; `type` is what the component was given, or undefined for an off-screen one */
export function canvasObject(host, canvas, type) {
  const object = {
    get width() {
      return canvas.width;
    },
    set width(value) {
      canvas.width = value;
    },
    get height() {
      return canvas.height;
    },
    set height(value) {
      canvas.height = value;
    },
    getContext(kind, options) {
      if (kind !== type()) {
        host.faults.add(`getContext('${kind}') on a canvas of type '${type()}'`);
        return null;
      }
      return canvas.getContext(kind, options);
    },
    createImage: () => wxImage(host),
    createImageData: (width, height) => new ImageData(width, height),
    createPath2D: (path) => new Path2D(path),
    requestAnimationFrame: (work) => requestAnimationFrame((time) => host.faults.guard(() => work(time))),
    cancelAnimationFrame: (id) => cancelAnimationFrame(id),
    toDataURL: (kind, quality) => canvas.toDataURL(kind, quality),
  };
  Object.defineProperty(object, '_element', { value: canvas });
  return object;
}

function wxImage(host) {
  const image = new Image();
  const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
  Object.defineProperty(image, 'src', {
    get: () => source.get.call(image),
    set: (value) =>
      source.set.call(
        image,
        /^(data:|blob:)/.test(value)
          ? value
          : (host.wx.inside.files.urlOf(value) ?? `/app/${value.replace(/^\//, '')}`),
      ),
  });
  return image;
}
