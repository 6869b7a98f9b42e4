export { type FoundImage, findImage } from '@yingyun/shared/document/find-image';
