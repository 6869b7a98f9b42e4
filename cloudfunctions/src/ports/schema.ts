import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

/**
 * One schema for PGlite, PostgreSQL and the PostgreSQL-protocol domestic databases (docs/adr, "SQL subset"): plain types,
 * no arrays, no JSON operators, no ON CONFLICT, no SKIP LOCKED. Columns that end in `_sealed` hold field ciphertext (design D14);
 * columns that end in `_index` hold a keyed HMAC-SM3 (blind index). JSON stands in text columns and is parsed at the edge.
 * Every row belongs to one hospital (tenant): queries name it first.
 */

const sealed = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
  fromDriver: (value) => new Uint8Array(value),
});
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });
const id = () => text('id').primaryKey();
const hospitalId = () =>
  text('hospital_id')
    .notNull()
    .references(() => hospital.id);

export const hospital = pgTable('hospital', {
  id: id(),
  code: text('code').notNull().unique(),
  name: text('name').notNull(),
  createdAt: instant('created_at').notNull(),
});

export const staff = pgTable(
  'staff',
  {
    id: id(),
    hospitalId: hospitalId(),
    account: text('account').notNull(),
    displayName: text('display_name').notNull(),
    role: text('role').notNull(),
    /** scrypt, then HMAC-SM3 with the pepper key: "scrypt$N$r$p$salt$mac". */
    passwordVerifier: text('password_verifier').notNull(),
    oneTimeCodeSecretSealed: sealed('one_time_code_secret_sealed').notNull(),
    /** The last accepted TOTP time step, so that a code works once. */
    lastOneTimeCodeStep: bigint('last_one_time_code_step', { mode: 'number' }).notNull().default(0),
    failures: integer('failures').notNull().default(0),
    firstFailureAt: instant('first_failure_at'),
    lockedUntil: instant('locked_until'),
    disabledAt: instant('disabled_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [uniqueIndex('staff_account').on(t.account)],
);

export const session = pgTable(
  'session',
  {
    id: id(),
    hospitalId: hospitalId(),
    audience: text('audience').notNull(),
    /** staff.id or share.id. */
    subjectId: text('subject_id').notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [index('session_subject').on(t.subjectId)],
);

export const patient = pgTable(
  'patient',
  {
    id: id(),
    hospitalId: hospitalId(),
    patientIdIndex: text('patient_id_index').notNull(),
    patientIdSealed: sealed('patient_id_sealed').notNull(),
    nameSealed: sealed('name_sealed').notNull(),
    birthDateSealed: sealed('birth_date_sealed').notNull(),
    sex: text('sex').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('patient_of_hospital').on(t.hospitalId, t.patientIdIndex)],
);

/** Keyed tokens of a name: Han 1- and 2-grams, pinyin syllables, initials, prefixes (design D14). */
export const patientNameToken = pgTable(
  'patient_name_token',
  {
    hospitalId: hospitalId(),
    token: text('token').notNull(),
    patientId: text('patient_id')
      .notNull()
      .references(() => patient.id),
  },
  (t) => [
    uniqueIndex('patient_name_token_once').on(t.hospitalId, t.token, t.patientId),
    index('patient_name_token_patient').on(t.patientId),
  ],
);

export const study = pgTable(
  'study',
  {
    id: id(),
    hospitalId: hospitalId(),
    patientId: text('patient_id')
      .notNull()
      .references(() => patient.id),
    studyInstanceUid: text('study_instance_uid').notNull(),
    accessionNumberIndex: text('accession_number_index').notNull(),
    accessionNumberSealed: sealed('accession_number_sealed').notNull(),
    /** ISO local "2026-03-01T08:30:00" as the PACS stated it; '' where unknown. */
    studyAt: text('study_at').notNull(),
    descriptionSealed: sealed('description_sealed').notNull(),
    /** Body Part Examined as it was sent: many devices let anything be typed there. */
    bodyPartSealed: sealed('body_part_sealed').notNull(),
    /** What lists filter by, read from it: sorted, separated by backslash: "abdomen\\chest". */
    bodyRegions: text('body_regions').notNull(),
    /** Sorted, separated by backslash: "CT\\SR". */
    modalities: text('modalities').notNull(),
    patientAge: text('patient_age').notNull(),
    instanceCount: integer('instance_count').notNull().default(0),
    receivedAt: instant('received_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('study_of_hospital').on(t.hospitalId, t.studyInstanceUid),
    index('study_accession').on(t.hospitalId, t.accessionNumberIndex),
    index('study_patient').on(t.patientId),
  ],
);

export const series = pgTable(
  'series',
  {
    id: id(),
    hospitalId: hospitalId(),
    studyId: text('study_id')
      .notNull()
      .references(() => study.id),
    seriesInstanceUid: text('series_instance_uid').notNull(),
    modality: text('modality').notNull(),
    seriesNumber: integer('series_number'),
    descriptionSealed: sealed('description_sealed').notNull(),
    bodyPartSealed: sealed('body_part_sealed').notNull(),
  },
  (t) => [uniqueIndex('series_of_study').on(t.studyId, t.seriesInstanceUid)],
);

export const instance = pgTable(
  'instance',
  {
    id: id(),
    hospitalId: hospitalId(),
    /** Null until indexed. */
    studyId: text('study_id').references(() => study.id),
    seriesId: text('series_id').references(() => series.id),
    studyInstanceUid: text('study_instance_uid').notNull(),
    sopInstanceUid: text('sop_instance_uid').notNull(),
    sopClassUid: text('sop_class_uid').notNull(),
    receivedTransferSyntaxUid: text('received_transfer_syntax_uid').notNull(),
    state: text('state').notNull(),
    /** Why it rests in `conflict` or `quarantined`: a problem code and UIDs. */
    stateReason: text('state_reason').notNull().default(''),
    journalSequence: bigint('journal_sequence', { mode: 'number' }).notNull(),
    receivedSm3: text('received_sm3').notNull(),
    headerSm3: text('header_sm3').notNull().default(''),
    pixelSm3: text('pixel_sm3').notNull().default(''),
    /** 1, 2, … with corrected headers (design D2c). The newest generation is what is shown. */
    generation: integer('generation').notNull().default(1),
    isCurrent: boolean('is_current').notNull().default(true),
    instanceNumber: integer('instance_number'),
    frameCount: integer('frame_count').notNull().default(0),
    /** JSON `StoredInstance` (pipeline/transcode/stored-instance.ts): view attributes, titles, byte bands. Null until indexed. */
    viewSealed: sealed('view_sealed'),
    receivedAt: instant('received_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('instance_journal').on(t.hospitalId, t.journalSequence),
    index('instance_sop').on(t.hospitalId, t.sopInstanceUid),
    index('instance_series').on(t.seriesId),
    index('instance_state').on(t.state),
  ],
);

export const storedObject = pgTable(
  'stored_object',
  {
    id: id(),
    hospitalId: hospitalId(),
    instanceId: text('instance_id').references(() => instance.id),
    /** Of the acknowledgement, where the object is the original of an HL7 message. */
    journalSequence: bigint('journal_sequence', { mode: 'number' }),
    objectKey: text('object_key').notNull(),
    objectClass: text('object_class').notNull(),
    generation: integer('generation').notNull(),
    tier: text('tier').notNull().default('online'),
    keyId: text('key_id').notNull(),
    cipherLength: bigint('cipher_length', { mode: 'number' }).notNull(),
    plainLength: bigint('plain_length', { mode: 'number' }).notNull(),
    commitment: text('commitment').notNull(),
    plainSm3: text('plain_sm3').notNull(),
    createdAt: instant('created_at').notNull(),
    verifiedAt: instant('verified_at'),
  },
  (t) => [
    uniqueIndex('stored_object_key').on(t.hospitalId, t.objectKey, t.generation),
    index('stored_object_instance').on(t.instanceId),
    index('stored_object_message').on(t.hospitalId, t.journalSequence),
  ],
);

export const report = pgTable(
  'report',
  {
    id: id(),
    hospitalId: hospitalId(),
    /** Null while held for a person: `heldReason` says why. */
    studyId: text('study_id').references(() => study.id),
    heldReason: text('held_reason').notNull().default(''),
    /** What the sender calls the report: OBR-3 filler order number, else OBR-18/accession. The numbers themselves stand in the original message. */
    fillerOrderNumberIndex: text('filler_order_number_index').notNull(),
    accessionNumberIndex: text('accession_number_index').notNull(),
    studyInstanceUid: text('study_instance_uid').notNull(),
    patientIdIndex: text('patient_id_index').notNull(),
    status: text('status').notNull(),
    version: integer('version').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    index('report_study').on(t.studyId),
    index('report_accession').on(t.hospitalId, t.accessionNumberIndex),
    index('report_filler').on(t.hospitalId, t.fillerOrderNumberIndex),
  ],
);

export const reportVersion = pgTable(
  'report_version',
  {
    id: id(),
    hospitalId: hospitalId(),
    reportId: text('report_id')
      .notNull()
      .references(() => report.id),
    version: integer('version').notNull(),
    status: text('status').notNull(),
    findingsSealed: sealed('findings_sealed').notNull(),
    impressionSealed: sealed('impression_sealed').notNull(),
    reportingDoctorSealed: sealed('reporting_doctor_sealed').notNull(),
    approvingDoctorSealed: sealed('approving_doctor_sealed').notNull(),
    reportedAt: instant('reported_at').notNull(),
    approvedAt: instant('approved_at'),
    examItemSealed: sealed('exam_item_sealed').notNull(),
    sender: text('sender').notNull(),
    /** MSH-10: some systems make it of order numbers. */
    messageControlIdSealed: sealed('message_control_id_sealed').notNull(),
    journalSequence: bigint('journal_sequence', { mode: 'number' }).notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    uniqueIndex('report_version_of_report').on(t.reportId, t.version),
    uniqueIndex('report_version_message').on(t.hospitalId, t.journalSequence, t.reportId),
  ],
);

export const film = pgTable(
  'film',
  {
    id: id(),
    hospitalId: hospitalId(),
    studyId: text('study_id')
      .notNull()
      .references(() => study.id),
    state: text('state').notNull(),
    publishedAt: instant('published_at'),
    viewUntil: instant('view_until'),
    /** Sort key of lists: study date or receipt, newest first. */
    sortAt: instant('sort_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [uniqueIndex('film_of_study').on(t.studyId), index('film_list').on(t.hospitalId, t.sortAt, t.id)],
);

/** When a doctor last opened an exam: lists mark what is new to whom. */
export const examOpening = pgTable(
  'exam_opening',
  {
    id: id(),
    hospitalId: hospitalId(),
    staffId: text('staff_id')
      .notNull()
      .references(() => staff.id),
    filmId: text('film_id')
      .notNull()
      .references(() => film.id),
    openedAt: instant('opened_at').notNull(),
  },
  (t) => [uniqueIndex('exam_opening_once').on(t.staffId, t.filmId)],
);

/** What doctors have drawn on a series: one row a series, so that two of them are told of each other (version). */
export const markSheet = pgTable(
  'mark_sheet',
  {
    id: id(),
    hospitalId: hospitalId(),
    studyId: text('study_id')
      .notNull()
      .references(() => study.id),
    seriesInstanceUid: text('series_instance_uid').notNull(),
    /** From 1, one more with each save. */
    version: integer('version').notNull(),
    /** JSON of contract/mark-routes.ts `KeptMark[]`. */
    marksSealed: sealed('marks_sealed').notNull(),
    changedBy: text('changed_by')
      .notNull()
      .references(() => staff.id),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [uniqueIndex('mark_sheet_once').on(t.studyId, t.seriesInstanceUid)],
);

export const share = pgTable(
  'share',
  {
    id: id(),
    hospitalId: hospitalId(),
    filmId: text('film_id')
      .notNull()
      .references(() => film.id),
    tokenIndex: text('token_index').notNull(),
    passcodeVerifier: text('passcode_verifier').notNull(),
    purpose: text('purpose').notNull(),
    maxViews: integer('max_views').notNull(),
    views: integer('views').notNull().default(0),
    failures: integer('failures').notNull().default(0),
    lockedUntil: instant('locked_until'),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
    lastViewedAt: instant('last_viewed_at'),
    /** 'staff' or 'person', and its id. */
    createdByKind: text('created_by_kind').notNull(),
    createdById: text('created_by_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('share_token').on(t.tokenIndex),
    index('share_film').on(t.filmId),
    index('share_creator').on(t.createdByKind, t.createdById, t.createdAt),
  ],
);

/**
 * A hospital's record of a patient (就诊档案) as its HIS or RIS states it in HL7 PID, and never as a DICOM header does: who a film
 * may be bound to is decided by it. Films belong to it by the patient ID. The newest message wins, by its own time.
 */
export const patientRecord = pgTable(
  'patient_record',
  {
    id: id(),
    hospitalId: hospitalId(),
    patientIdIndex: text('patient_id_index').notNull(),
    nameSealed: sealed('name_sealed').notNull(),
    idNumberSealed: sealed('id_number_sealed').notNull(),
    phoneSealed: sealed('phone_sealed').notNull(),
    /** Blind index of ID number and name together; '' where one of them is unknown: nobody can be bound to it then. */
    identityIndex: text('identity_index').notNull(),
    sex: text('sex').notNull(),
    /** Time of the newest message that was filed, and its journal sequence. */
    statedAt: instant('stated_at').notNull(),
    statedSequence: bigint('stated_sequence', { mode: 'number' }).notNull().default(0),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    uniqueIndex('patient_record_of_hospital').on(t.hospitalId, t.patientIdIndex),
    index('patient_record_identity').on(t.hospitalId, t.identityIndex),
  ],
);

/** A patient's account (患者账号), of no hospital: what ties it to one is a `patientLink`. */
export const person = pgTable(
  'person',
  {
    id: id(),
    phoneIndex: text('phone_index').notNull(),
    phoneSealed: sealed('phone_sealed').notNull(),
    disabledAt: instant('disabled_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [uniqueIndex('person_phone').on(t.phoneIndex)],
);

/** One sign-in, and the family of its refresh tokens. */
export const personSession = pgTable(
  'person_session',
  {
    id: id(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [index('person_session_person').on(t.personId)],
);

export const refreshToken = pgTable(
  'refresh_token',
  {
    id: id(),
    sessionId: text('session_id')
      .notNull()
      .references(() => personSession.id),
    tokenIndex: text('token_index').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** A second use ends the session, but for a retry (service/patient/renew-patient.ts). */
    usedAt: instant('used_at'),
    /** The token that this one was given for; null for a sign-in's first. */
    predecessorId: text('predecessor_id'),
  },
  (t) => [uniqueIndex('refresh_token_index').on(t.tokenIndex), index('refresh_token_session').on(t.sessionId)],
);

/** Person and hospital record, bound by name + ID number and a code sent to the phone in that record (design §6). */
export const patientLink = pgTable(
  'patient_link',
  {
    id: id(),
    hospitalId: hospitalId(),
    personId: text('person_id')
      .notNull()
      .references(() => person.id),
    /** `patient_record.identity_index`: a record whose ID number or name is corrected is no longer shown. */
    identityIndex: text('identity_index').notNull(),
    /** How it was proved: 'id-number-and-record-phone'. */
    assurance: text('assurance').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('patient_link_person').on(t.personId),
    index('patient_link_identity').on(t.hospitalId, t.identityIndex),
  ],
);

/** A code sent by text message: one live code a subject. A challenge that nobody can answer looks the same. */
export const textMessageCode = pgTable(
  'text_message_code',
  {
    id: id(),
    /** "sign-in:" and the phone's blind index, or "link:" and the row's id. */
    subject: text('subject').notNull(),
    verifier: text('verifier').notNull(),
    failures: integer('failures').notNull().default(0),
    sentAt: instant('sent_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    /** Of a link: who asks for which identity at which hospital; '' for a sign-in. */
    personId: text('person_id').notNull().default(''),
    hospitalId: text('hospital_id').notNull().default(''),
    identityIndex: text('identity_index').notNull().default(''),
  },
  (t) => [uniqueIndex('text_message_code_subject').on(t.subject), index('text_message_code_expiry').on(t.expiresAt)],
);

/** How often something was asked for within a window of time, counted before the work is done. */
export const attemptCounter = pgTable(
  'attempt_counter',
  {
    /** What is counted and a keyed index or row id. */
    id: id(),
    count: integer('count').notNull(),
    startedAt: instant('started_at').notNull(),
  },
  (t) => [index('attempt_counter_started').on(t.startedAt)],
);

/** A text message on its way. Recipient and parameters are sealed, and wiped once it is out or too late. */
export const textMessage = pgTable(
  'text_message',
  {
    id: id(),
    template: text('template').notNull(),
    /** JSON `{ phone, params }`; empty once nothing is to be sent any more. */
    contentSealed: sealed('content_sealed').notNull(),
    /** waiting, sending, sent, expired, refused, unclear, void (nobody to send it to). */
    state: text('state').notNull(),
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  (t) => [index('text_message_created').on(t.createdAt)],
);

export const notification = pgTable(
  'notification',
  {
    id: id(),
    hospitalId: hospitalId(),
    /** Not the film's row: what was told must be known again when the database is lost. */
    studyInstanceUid: text('study_instance_uid').notNull(),
    /** "film-ready/12", "film-amended/12+15", "film-withdrawn/17": what happened, and the journal's numbers of the report versions it is about. */
    topic: text('topic').notNull(),
    channel: text('channel').notNull(),
    state: text('state').notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  (t) => [uniqueIndex('notification_once').on(t.hospitalId, t.studyInstanceUid, t.topic, t.channel)],
);

export const auditEvent = pgTable('audit_event', {
  sequence: bigint('sequence', { mode: 'number' }).primaryKey(),
  hospitalId: text('hospital_id').notNull(),
  at: instant('at').notNull(),
  actorKind: text('actor_kind').notNull(),
  actorId: text('actor_id').notNull(),
  action: text('action').notNull(),
  objectKind: text('object_kind').notNull(),
  objectId: text('object_id').notNull(),
  outcome: text('outcome').notNull(),
  reason: text('reason').notNull(),
  requestId: text('request_id').notNull(),
  previousHash: text('previous_hash').notNull(),
  /** HMAC-SM3 of the audit key over previous hash and canonical record. */
  hash: text('hash').notNull(),
});

export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    kind: text('kind').notNull(),
    /** Deduplicates: one waiting event a key. */
    dedupeKey: text('dedupe_key').notNull(),
    payload: text('payload').notNull(),
    state: text('state').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Set where the event was added again while it was running: it runs once more afterwards. */
    runAgain: boolean('run_again').notNull().default(false),
    runAfter: instant('run_after').notNull(),
    leaseUntil: instant('lease_until'),
    leaseOwner: text('lease_owner').notNull().default(''),
    lastError: text('last_error').notNull().default(''),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [uniqueIndex('outbox_dedupe').on(t.dedupeKey), index('outbox_due').on(t.state, t.runAfter)],
);

/** How far the database has read the journal. One row, id 'gateway'. */
export const journalPosition = pgTable('journal_position', {
  id: id(),
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
});
