import { describe, expect, it } from 'vitest';
import { applicationContextName } from '../dimse/implementation';
import { answerContext, chooseTransferSyntax, findRejection } from './negotiate';

const request = {
  protocolVersion: 1,
  calledAeTitle: 'YINGYUN',
  callingAeTitle: 'PACS',
  applicationContext: applicationContextName,
  contexts: [],
  maxPduLength: 0,
  implementationClassUid: '',
  implementationVersionName: '',
};
const listed = { aeTitle: 'YINGYUN', peers: [{ aeTitle: 'PACS', address: '10.0.0.9' }] };

const ile = '1.2.840.10008.1.2';
const ele = '1.2.840.10008.1.2.1';
const ebe = '1.2.840.10008.1.2.2';
const jpegBaseline = '1.2.840.10008.1.2.4.50';
const jpegLossless = '1.2.840.10008.1.2.4.70';
const htj2k = '1.2.840.10008.1.2.4.202';

describe('who may associate', () => {
  it('lets a listed AE title in from its address only', () => {
    expect(findRejection(request, '10.0.0.9', listed)).toBeUndefined();
    expect(findRejection(request, '::ffff:10.0.0.9', listed)).toBeUndefined();
    expect(findRejection(request, '10.0.0.8', listed)).toBe('calling-ae-title-not-recognized');
    expect(findRejection({ ...request, callingAeTitle: 'OTHER' }, '10.0.0.9', listed)).toBe(
      'calling-ae-title-not-recognized',
    );
    expect(findRejection(request, '127.0.0.1', listed)).toBe('calling-ae-title-not-recognized');
  });

  it('lets anybody in from this machine where nobody is listed, and nobody else', () => {
    const open = { ...listed, peers: [] };
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      expect(findRejection(request, address, open)).toBeUndefined();
    for (const address of ['10.0.0.9', '::ffff:10.0.0.9', '', '2001:db8::1']) {
      expect(findRejection(request, address, open)).toBe('calling-ae-title-not-recognized');
    }
  });

  it('lets no AE title in that is none', () => {
    for (const callingAeTitle of ['', 'PACS\n', 'A\\B', '影云']) {
      const rejection = findRejection({ ...request, callingAeTitle }, '127.0.0.1', { ...listed, peers: [] });
      expect(rejection).toBe('calling-ae-title-not-recognized');
    }
  });

  it('names what is wrong with the request itself', () => {
    expect(findRejection({ ...request, calledAeTitle: 'yingyun' }, '10.0.0.9', listed)).toBe(
      'called-ae-title-not-recognized',
    );
    expect(findRejection({ ...request, protocolVersion: 2 }, '10.0.0.9', listed)).toBe(
      'protocol-version-not-supported',
    );
    expect(findRejection({ ...request, applicationContext: '1.2' }, '10.0.0.9', listed)).toBe(
      'application-context-not-supported',
    );
  });
});

describe('presentation contexts', () => {
  const context = (abstractSyntax: string, ...transferSyntaxes: string[]) =>
    answerContext({ id: 3, abstractSyntax, transferSyntaxes }, []);

  it('answers with the results of PS3.8 table 9-18', () => {
    expect(context('1.2.840.10008.5.1.4.1.1.2', ele)).toEqual({ id: 3, result: 0, transferSyntax: ele });
    expect(context('1.2.840.10008.1.1', ile).result).toBe(0);
    expect(context('1.2.840.10008.5.1.4.1.2.2.1', ele).result).toBe(3); // Study Root FIND
    expect(context('1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.4.94').result).toBe(4); // JPIP
    expect(context('1.2.840.10008.5.1.4.1.1.2').result).toBe(4);
  });

  it('keeps what the sender names first', () => {
    expect(chooseTransferSyntax([jpegLossless, ele, ile])?.uid).toBe(jpegLossless);
    expect(chooseTransferSyntax([htj2k, jpegLossless])?.uid).toBe(htj2k);
    expect(chooseTransferSyntax([jpegBaseline])?.uid).toBe(jpegBaseline);
  });

  it('prefers explicit VR little endian among the uncompressed', () => {
    expect(chooseTransferSyntax([ile, ebe, ele])?.uid).toBe(ele);
    expect(chooseTransferSyntax([ebe, ile])?.uid).toBe(ebe);
  });

  it('never lets a sender lose bits where it offers a way that keeps them', () => {
    expect(chooseTransferSyntax([jpegBaseline, ile])?.uid).toBe(ile);
    expect(chooseTransferSyntax([jpegBaseline, jpegLossless])?.uid).toBe(jpegLossless);
  });
});
