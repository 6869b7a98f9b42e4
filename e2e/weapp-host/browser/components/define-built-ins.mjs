// Registers WeChat's built-in components with the framework, for every template.
import { buttonParts } from './button.mjs';
import { canvasParts } from './canvas.mjs';
import { choiceParts } from './choices.mjs';
import { formParts } from './form.mjs';
import { imageParts } from './image.mjs';
import { pickerParts } from './picker.mjs';
import { plainParts } from './plain.mjs';
import { scrollParts } from './scroll-view.mjs';
import { swiperParts } from './swiper.mjs';
import { textFieldParts } from './text-field.mjs';

/**
 * A part: `properties` (name → type or { type, value }), `attached(node, element)`, `update(node, element, data)` after every change.
 * `node` is glass-easel's; `element` is Chromium's.
 */
export function defineBuiltIns(host) {
  const space = host.space.getComponentSpace();
  const parts = [
    plainParts,
    buttonParts,
    textFieldParts,
    imageParts,
    scrollParts,
    swiperParts,
    canvasParts,
    pickerParts,
    choiceParts,
    formParts,
  ];
  for (const [tag, part] of Object.entries(Object.assign({}, ...parts.map((make) => make(host))))) {
    const update = part.update && ((node) => part.update(node, node.getBackendElement(), node.data));
    const definition = space.define(`wx://${tag}`).definition({
      properties: part.properties ?? {},
      observers:
        update === undefined
          ? []
          : [
              {
                fields: '**',
                observer() {
                  if (this.isReadyForUpdate) update(this);
                },
              },
            ],
      lifetimes: {
        attached() {
          this.isReadyForUpdate = true;
          part.attached?.(this, this.getBackendElement());
          update?.(this);
        },
        detached() {
          part.detached?.(this, this.getBackendElement());
        },
      },
    });
    space.setGlobalUsingComponent(tag, definition.registerComponent());
  }
}
