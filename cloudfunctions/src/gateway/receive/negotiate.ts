import { isStorageSopClass, verificationSopClass } from '@yingyun/shared/dicom/sop-class';
import { explicitVrLittleEndian, findTransferSyntax, type TransferSyntax } from '@yingyun/shared/dicom/transfer-syntax';
import type { DicomPeer } from '../../config/settings';
import {
  type AssociateRequest,
  type ContextAnswer,
  contextResult,
  type ProposedContext,
} from '../dimse/associate-pdus';
import type { Rejection } from '../dimse/control-pdus';
import { applicationContextName } from '../dimse/implementation';
import { plainAddress } from '../plain-address';

/** What an accepted presentation context carries. */
export interface AcceptedContext {
  readonly abstractSyntax: string;
  readonly transferSyntax: TransferSyntax;
}

/**
 * Who may associate (PS3.8 9.3.4 names the reasons). An empty list of peers means any AE title, from this machine only.
 * Returns undefined where the request is welcome.
 */
export function findRejection(
  request: AssociateRequest,
  remoteAddress: string,
  our: { readonly aeTitle: string; readonly peers: readonly DicomPeer[] },
): Rejection | undefined {
  if ((request.protocolVersion & 1) === 0) return 'protocol-version-not-supported';
  if (request.applicationContext !== applicationContextName) return 'application-context-not-supported';
  if (request.calledAeTitle !== our.aeTitle) return 'called-ae-title-not-recognized';
  // PS3.5 6.2, VR AE: printable ASCII without backslash. It goes into file meta, journal and log.
  if (!/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(request.callingAeTitle)) return 'calling-ae-title-not-recognized';
  const address = plainAddress(remoteAddress);
  const isKnown =
    our.peers.length === 0
      ? address === '::1' || address.startsWith('127.')
      : our.peers.some((peer) => peer.aeTitle === request.callingAeTitle && plainAddress(peer.address) === address);
  return isKnown ? undefined : 'calling-ae-title-not-recognized';
}

/** Answers one proposed presentation context. */
export function answerContext(proposed: ProposedContext, privateStorageClasses: readonly string[]): ContextAnswer {
  const answer = (result: number, transferSyntax = explicitVrLittleEndian) => ({
    id: proposed.id,
    result,
    transferSyntax,
  });
  if (proposed.id % 2 === 0) return answer(contextResult.noReason);
  const isVerification = proposed.abstractSyntax === verificationSopClass;
  if (!isVerification && !isStorageSopClass(proposed.abstractSyntax, privateStorageClasses)) {
    return answer(contextResult.abstractSyntaxNotSupported);
  }
  const chosen = chooseTransferSyntax(proposed.transferSyntaxes);
  return chosen === undefined
    ? answer(contextResult.transferSyntaxesNotSupported)
    : answer(contextResult.accepted, chosen.uid);
}

/**
 * The sender's own order decides, because it starts with what the sender has; with two exceptions. A syntax that can only be lossy
 * yields to any that can't: a lossy object decoded for the road loses nothing more, a lossless one made lossy would. And of the
 * uncompressed ones explicit VR little endian comes first: it keeps the VRs of private elements, and every sender can write it.
 */
export function chooseTransferSyntax(proposed: readonly string[]): TransferSyntax | undefined {
  const known = proposed.flatMap((uid) => findTransferSyntax(uid) ?? []);
  const chosen = known.find((syntax) => syntax.isLossless !== false) ?? known[0];
  if (chosen === undefined || chosen.kind !== 'native' || chosen.isEncapsulated) return chosen;
  return known.find((syntax) => syntax.uid === explicitVrLittleEndian) ?? chosen;
}
