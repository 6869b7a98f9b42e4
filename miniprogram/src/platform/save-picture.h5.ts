import type { CanvasNode } from './canvas';

/** Offers the canvas as a PNG file. Inside WeChat's browser, which saves nothing by script, a long press on the picture does. */
export async function savePicture(node: CanvasNode, name: string): Promise<'saved' | 'refused'> {
  const canvas = node as unknown as HTMLCanvasElement; // the browser's element behind the platform's word
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) return 'refused';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return 'saved';
}
