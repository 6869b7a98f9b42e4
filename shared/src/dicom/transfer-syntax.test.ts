import { describe, expect, it } from 'vitest';
import { findTransferSyntax, knownTransferSyntaxUids } from './transfer-syntax';

// PS3.5 annex A is the reference for every expectation here.
describe('transfer syntaxes', () => {
  it('reads implicit VR little endian as the only implicit one', () => {
    const implicit = knownTransferSyntaxUids().filter((uid) => findTransferSyntax(uid)?.isExplicitVr === false);
    expect(implicit).toEqual(['1.2.840.10008.1.2']);
  });

  it('reads explicit VR big endian as the only big endian one', () => {
    const big = knownTransferSyntaxUids().filter((uid) => findTransferSyntax(uid)?.isLittleEndian === false);
    expect(big).toEqual(['1.2.840.10008.1.2.2']);
  });

  it('deflates whole data sets in one syntax only, and there does not encapsulate', () => {
    const deflated = knownTransferSyntaxUids().filter((uid) => findTransferSyntax(uid)?.isDeflated);
    expect(deflated).toEqual(['1.2.840.10008.1.2.1.99']);
    expect(findTransferSyntax('1.2.840.10008.1.2.1.99')?.isEncapsulated).toBe(false);
  });

  it('encapsulates uncompressed frames in 1.2.1.98 and deflated frames in 1.2.8.1', () => {
    expect(findTransferSyntax('1.2.840.10008.1.2.1.98')).toMatchObject({ kind: 'native', isEncapsulated: true });
    expect(findTransferSyntax('1.2.840.10008.1.2.8.1')).toMatchObject({ isDeflated: false, isEncapsulated: true });
  });

  it('never calls a lossy JPEG process lossless', () => {
    for (const uid of knownTransferSyntaxUids()) {
      const syntax = findTransferSyntax(uid);
      if (syntax?.kind === 'jpeg' || syntax?.kind === 'video') expect(syntax.isLossless).toBe(false);
    }
    expect(findTransferSyntax('1.2.840.10008.1.2.4.91')?.isLossless).toBe('either');
    expect(findTransferSyntax('1.2.840.10008.1.2.4.203')?.isLossless).toBe('either');
  });

  it('does not know JPIP references, made-up UIDs or names of object members', () => {
    for (const uid of ['1.2.840.10008.1.2.4.94', '1.2.840.10008.1.2.4.204', '1.2.3', 'constructor', '']) {
      expect(findTransferSyntax(uid)).toBeUndefined();
    }
  });
});
