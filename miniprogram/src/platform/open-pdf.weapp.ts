import Taro from '@tarojs/taro';

/** WeChat opens documents from files only: one place, written over each time. */
const pdfPath = () => `${Taro.env.USER_DATA_PATH}/document.pdf`;

/** Opens a PDF in WeChat's own reader, which offers neither forwarding nor saving. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>, _name: string): Promise<'opened' | 'refused'> {
  const data = bytes.slice().buffer;
  try {
    await new Promise<void>((success, fail) =>
      Taro.getFileSystemManager().writeFile({ filePath: pdfPath(), data, success: () => success(), fail }),
    );
    await Taro.openDocument({ filePath: pdfPath(), fileType: 'pdf', showMenu: false });
    return 'opened';
  } catch {
    forgetPdf();
    return 'refused';
  }
}

/** Once the reader has been left: a document must not stay on the phone. */
export function forgetPdf(): void {
  Taro.getFileSystemManager().unlink({ filePath: pdfPath(), fail: () => {} }); // there may be none
}
