/** WeChat's built-in components that this host draws. Another tag in a rendered template fails the test by name. */
export const builtInTags = [
  'view', 'text', 'button', 'input', 'textarea', 'image', 'scroll-view', 'swiper', 'swiper-item', 'canvas', 'picker', 'picker-view',
  'picker-view-column', 'checkbox', 'checkbox-group', 'radio', 'radio-group', 'switch', 'slider', 'form', 'label', 'rich-text', 'icon',
  'progress', 'navigator', 'cover-view', 'cover-image', 'root-portal', 'page-meta', 'navigation-bar', 'movable-area', 'movable-view',
]; // biome-ignore format: one list
