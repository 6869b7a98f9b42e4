import type { Problem } from '@yingyun/shared/domain/problem';
import { type Hl7Message, parseHeader, parseMessage, readValue } from './parse-message';
import { readOru } from './read-oru';
import { readPatient } from './read-patient';
import { isRefusal, type Refusal, refusal } from './refusal';

/** MSH-10 may have 199 characters since v2.7; what is longer is an attack or a mistake. */
const longestControlId = 199;

const taken = 'only ORU^R01 and ADT^A01, A04, A08, A28, A31 are taken';
/** By MSH-9.1. The ADT events are those by which a HIS says who somebody is; nothing of a stay or an order is read. */
const events: Readonly<Record<string, readonly string[]>> = { ORU: ['R01'], ADT: ['A01', 'A04', 'A08', 'A28', 'A31'] };

export interface AcceptedMessage {
  /** MSH-3 and MSH-4, joined by "|". */
  readonly sender: string;
  readonly messageType: string;
}

/**
 * Decides whether a message may be acknowledged: ORU^R01, or an ADT that says who a patient is, of v2.1 to v2.8, processing ID P, readable
 * to the last field we use. The pipeline reads it again from the spool with the same code.
 */
export function acceptMessage(bytes: Uint8Array, defaultOffsetMinutes: number): AcceptedMessage | Refusal {
  // the first segment alone first: who sends what we don't take should hear that, not what else is odd about it
  const head = parseHeader(bytes);
  const refused = 'problem' in head ? unreadable(head) : acceptHeader(head);
  if (isRefusal(refused)) return refused;
  const message = parseMessage(bytes);
  if ('problem' in message) return unreadable(message);
  const header = acceptHeader(message);
  if (isRefusal(header)) return header;
  const read =
    header.messageType === 'ORU^R01'
      ? readOru(message, defaultOffsetMinutes)
      : readPatient(message, defaultOffsetMinutes);
  return isRefusal(read) ? read : header;
}

function unreadable({ problem, detail = '' }: Problem): Refusal {
  return refusal('AE', problem === 'hl7-charset-invalid' ? 102 : 100, '', problem, detail);
}

function acceptHeader(message: Hl7Message): AcceptedMessage | Refusal {
  const msh = message.segments[0];
  const at = (field: number, component = 1) => readValue(message, msh, field, { component });
  const version = at(12);
  const messageControlId = at(10);
  if (messageControlId === '') return refusal('AE', 101, 'MSH^1^10', 'hl7-malformed', 'MSH-10 is empty');
  if (messageControlId.length > longestControlId || /\s/.test(messageControlId)) {
    return refusal('AE', 102, 'MSH^1^10', 'hl7-malformed', 'MSH-10 is too long or contains blanks');
  }
  if (at(9) !== 'ORU' && at(9) !== 'ADT') return refusal('AR', 200, 'MSH^1^9', 'hl7-unsupported', taken);
  // v2.1 knows no trigger event in MSH-9
  const event = at(9) === 'ORU' && at(9, 2) === '' && /^2\.[12]$/.test(version) ? 'R01' : at(9, 2);
  if (events[at(9)]?.includes(event) !== true) {
    return refusal('AR', 201, 'MSH^1^9', 'hl7-unsupported', taken);
  }
  if (at(11) === '') return refusal('AE', 101, 'MSH^1^11', 'hl7-malformed', 'MSH-11 is empty');
  // a training or debugging message must never become a patient's report
  if (at(11) !== 'P')
    return refusal('AR', 202, 'MSH^1^11', 'hl7-unsupported', 'only production messages (P) are taken');
  if (!/^2\.[1-8](\.\d)?$/.test(version))
    return refusal('AR', 203, 'MSH^1^12', 'hl7-unsupported', 'only versions 2.1 to 2.8 are taken');
  const application = (field: number) => at(field) || at(field, 2);
  return { sender: `${application(3)}|${application(4)}`, messageType: `${at(9)}^${event}` };
}
