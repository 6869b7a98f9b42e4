import { verificationSopClass } from '@yingyun/shared/dicom/sop-class';
import { implicitVrLittleEndian } from '@yingyun/shared/dicom/transfer-syntax';
import { commandField } from '../dimse/command-set';
import { AssociationFault, type PeerAddress, RequestedAssociation } from './requested-association';

/** C-ECHO (PS3.7 9.1.5): resolves when the peer answers Success. Throws AssociationFault otherwise. */
export async function echo(peer: PeerAddress): Promise<void> {
  const association = await RequestedAssociation.open(peer, [
    { id: 1, abstractSyntax: verificationSopClass, transferSyntaxes: [implicitVrLittleEndian] },
  ]);
  if (association.acceptedSyntax(1) === undefined) {
    association.abort();
    throw new AssociationFault('rejected', 'peer does not offer Verification');
  }
  const answer = await association.request(1, {
    commandField: commandField.cEchoRequest,
    affectedSopClassUid: verificationSopClass,
  });
  await association.release();
  if (answer.status !== 0) throw new AssociationFault('protocol', `C-ECHO status ${answer.status}`);
}
