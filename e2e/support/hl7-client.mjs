// What a RIS would send: an ORU^R01 for a study, and an MLLP client written apart from the product's.
import net from 'node:net';

/** @param {{studyInstanceUid: string, patientId: string, accessionNumber?: string, name: string, status?: 'P'|'F'|'C'|'X', controlId: string, findings: string, impression: string, charset?: string, idNumber?: string, phone?: string, examItem?: string}} report
 *  `idNumber` and `phone` are what the hospital's own record of the patient says. */
export function oru({
  studyInstanceUid,
  patientId,
  accessionNumber = '',
  name,
  status = 'F',
  controlId,
  findings,
  impression,
  charset = 'UNICODE UTF-8',
  idNumber,
  phone = '',
  examItem = '胸部CT平扫',
}) {
  const numbers = `${patientId}^^^H1^MR${idNumber === undefined ? '' : `~${idNumber}^^^H1^NI`}`;
  return [
    `MSH|^~\\&|RIS|H1|YINGYUN|H1|20261124101500||ORU^R01^ORU_R01|${controlId}|P|2.5.1|||AL|NE||${charset}`,
    `PID|1||${numbers}||${name}||19600101|M|||||${phone}`,
    `OBR|1|${accessionNumber}|${accessionNumber}|CT01^${examItem}|||20261124093000|||||||||||${accessionNumber}||||20261124101400||RAD|${status}|||||||1002&赵审核|1001&钱报告`,
    `ZDS|${studyInstanceUid}^H1^Application^DICOM`,
    `OBX|1|TX|FINDINGS^影像所见||${findings}||||||${status}`,
    `OBX|2|TX|IMPRESSION^诊断意见||${impression}||||||${status}`,
    '',
  ].join('\r');
}

/** Sends one framed message; answers the acknowledgement's text. */
export function sendMllp(port, message) {
  const body = Buffer.isBuffer(message) ? message : Buffer.from(message, 'utf8');
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () =>
      socket.write(Buffer.concat([Buffer.from([0x0b]), body, Buffer.from([0x1c, 0x0d])])),
    );
    let got = Buffer.alloc(0);
    socket.setTimeout(15_000, () => socket.destroy(new Error('no acknowledgement')));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf(Buffer.from([0x1c, 0x0d]));
      if (end < 0) return;
      socket.destroy();
      resolve(got.subarray(1, end).toString('utf8'));
    });
    socket.on('close', () => reject(new Error('closed without acknowledgement')));
  });
}
