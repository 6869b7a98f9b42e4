/** Opens a PDF beside the page, or where no page may be opened, offers it as a file. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<'opened' | 'refused'> {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  if (window.open(address, '_blank') === null) {
    const link = document.createElement('a');
    link.href = address;
    link.download = `${name}.pdf`;
    link.click();
  }
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return 'opened';
}

/** Nothing was written: the blob goes by itself. */
export function forgetPdf(): void {}
