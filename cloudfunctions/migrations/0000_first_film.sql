CREATE TABLE "audit_event" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"object_kind" text NOT NULL,
	"object_id" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text NOT NULL,
	"request_id" text NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "film" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"study_id" text NOT NULL,
	"state" text NOT NULL,
	"published_at" timestamp (3) with time zone,
	"view_until" timestamp (3) with time zone,
	"sort_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hospital" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "hospital_code_unique" UNIQUE("code")
);
--> statement-breakpoint
CREATE TABLE "instance" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"study_id" text,
	"series_id" text,
	"study_instance_uid" text NOT NULL,
	"sop_instance_uid" text NOT NULL,
	"sop_class_uid" text NOT NULL,
	"received_transfer_syntax_uid" text NOT NULL,
	"state" text NOT NULL,
	"state_reason" text DEFAULT '' NOT NULL,
	"journal_sequence" bigint NOT NULL,
	"received_sm3" text NOT NULL,
	"header_sm3" text DEFAULT '' NOT NULL,
	"pixel_sm3" text DEFAULT '' NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"is_current" boolean DEFAULT true NOT NULL,
	"instance_number" integer,
	"frame_count" integer DEFAULT 0 NOT NULL,
	"view_json" text DEFAULT '' NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "journal_position" (
	"id" text PRIMARY KEY NOT NULL,
	"sequence" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"film_id" text NOT NULL,
	"topic" text NOT NULL,
	"channel" text NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"payload" text NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"run_again" boolean DEFAULT false NOT NULL,
	"run_after" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"lease_owner" text DEFAULT '' NOT NULL,
	"last_error" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"patient_id_index" text NOT NULL,
	"patient_id_sealed" "bytea" NOT NULL,
	"name_sealed" "bytea" NOT NULL,
	"birth_date_sealed" "bytea" NOT NULL,
	"sex" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "patient_name_token" (
	"hospital_id" text NOT NULL,
	"token" text NOT NULL,
	"patient_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"study_id" text,
	"held_reason" text DEFAULT '' NOT NULL,
	"filler_order_number" text NOT NULL,
	"accession_number" text NOT NULL,
	"study_instance_uid" text NOT NULL,
	"patient_id_index" text NOT NULL,
	"status" text NOT NULL,
	"version" integer NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "report_version" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"report_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"findings_sealed" "bytea" NOT NULL,
	"impression_sealed" "bytea" NOT NULL,
	"reporting_doctor_sealed" "bytea" NOT NULL,
	"approving_doctor_sealed" "bytea" NOT NULL,
	"reported_at" timestamp (3) with time zone NOT NULL,
	"approved_at" timestamp (3) with time zone,
	"exam_item" text NOT NULL,
	"sender" text NOT NULL,
	"message_control_id" text NOT NULL,
	"journal_sequence" bigint NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "series" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"study_id" text NOT NULL,
	"series_instance_uid" text NOT NULL,
	"modality" text NOT NULL,
	"series_number" integer,
	"description" text NOT NULL,
	"body_part" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"audience" text NOT NULL,
	"subject_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "share" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"film_id" text NOT NULL,
	"token_index" text NOT NULL,
	"passcode_verifier" text NOT NULL,
	"purpose" text NOT NULL,
	"max_views" integer NOT NULL,
	"views" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"created_by_staff_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"account" text NOT NULL,
	"display_name" text NOT NULL,
	"role" text NOT NULL,
	"password_verifier" text NOT NULL,
	"one_time_code_secret_sealed" "bytea" NOT NULL,
	"last_one_time_code_step" bigint DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"first_failure_at" timestamp (3) with time zone,
	"locked_until" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stored_object" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"instance_id" text,
	"object_key" text NOT NULL,
	"object_class" text NOT NULL,
	"generation" integer NOT NULL,
	"tier" text DEFAULT 'online' NOT NULL,
	"key_id" text NOT NULL,
	"cipher_length" bigint NOT NULL,
	"plain_length" bigint NOT NULL,
	"commitment" text NOT NULL,
	"plain_sm3" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"verified_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "study" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"patient_id" text NOT NULL,
	"study_instance_uid" text NOT NULL,
	"accession_number" text NOT NULL,
	"study_at" text NOT NULL,
	"description" text NOT NULL,
	"body_part" text NOT NULL,
	"modalities" text NOT NULL,
	"patient_age" text NOT NULL,
	"instance_count" integer DEFAULT 0 NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "film" ADD CONSTRAINT "film_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "film" ADD CONSTRAINT "film_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance" ADD CONSTRAINT "instance_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance" ADD CONSTRAINT "instance_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "instance" ADD CONSTRAINT "instance_series_id_series_id_fk" FOREIGN KEY ("series_id") REFERENCES "public"."series"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification" ADD CONSTRAINT "notification_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification" ADD CONSTRAINT "notification_film_id_film_id_fk" FOREIGN KEY ("film_id") REFERENCES "public"."film"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient" ADD CONSTRAINT "patient_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_name_token" ADD CONSTRAINT "patient_name_token_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_name_token" ADD CONSTRAINT "patient_name_token_patient_id_patient_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patient"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report" ADD CONSTRAINT "report_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_version" ADD CONSTRAINT "report_version_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "report_version" ADD CONSTRAINT "report_version_report_id_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."report"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "series" ADD CONSTRAINT "series_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share" ADD CONSTRAINT "share_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share" ADD CONSTRAINT "share_film_id_film_id_fk" FOREIGN KEY ("film_id") REFERENCES "public"."film"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share" ADD CONSTRAINT "share_created_by_staff_id_staff_id_fk" FOREIGN KEY ("created_by_staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_object" ADD CONSTRAINT "stored_object_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stored_object" ADD CONSTRAINT "stored_object_instance_id_instance_id_fk" FOREIGN KEY ("instance_id") REFERENCES "public"."instance"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study" ADD CONSTRAINT "study_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "study" ADD CONSTRAINT "study_patient_id_patient_id_fk" FOREIGN KEY ("patient_id") REFERENCES "public"."patient"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "film_of_study" ON "film" USING btree ("study_id");--> statement-breakpoint
CREATE INDEX "film_list" ON "film" USING btree ("hospital_id","sort_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "instance_journal" ON "instance" USING btree ("hospital_id","journal_sequence");--> statement-breakpoint
CREATE INDEX "instance_sop" ON "instance" USING btree ("hospital_id","sop_instance_uid");--> statement-breakpoint
CREATE INDEX "instance_series" ON "instance" USING btree ("series_id");--> statement-breakpoint
CREATE INDEX "instance_state" ON "instance" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "notification_once" ON "notification" USING btree ("film_id","topic","channel");--> statement-breakpoint
CREATE UNIQUE INDEX "outbox_dedupe" ON "outbox" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("state","run_after");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_of_hospital" ON "patient" USING btree ("hospital_id","patient_id_index");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_name_token_once" ON "patient_name_token" USING btree ("hospital_id","token","patient_id");--> statement-breakpoint
CREATE INDEX "patient_name_token_patient" ON "patient_name_token" USING btree ("patient_id");--> statement-breakpoint
CREATE INDEX "report_study" ON "report" USING btree ("study_id");--> statement-breakpoint
CREATE INDEX "report_accession" ON "report" USING btree ("hospital_id","accession_number");--> statement-breakpoint
CREATE INDEX "report_filler" ON "report" USING btree ("hospital_id","filler_order_number");--> statement-breakpoint
CREATE UNIQUE INDEX "report_version_of_report" ON "report_version" USING btree ("report_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "report_version_message" ON "report_version" USING btree ("hospital_id","journal_sequence","report_id");--> statement-breakpoint
CREATE UNIQUE INDEX "series_of_study" ON "series" USING btree ("study_id","series_instance_uid");--> statement-breakpoint
CREATE INDEX "session_subject" ON "session" USING btree ("subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "share_token" ON "share" USING btree ("token_index");--> statement-breakpoint
CREATE INDEX "share_film" ON "share" USING btree ("film_id");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_account" ON "staff" USING btree ("account");--> statement-breakpoint
CREATE UNIQUE INDEX "stored_object_key" ON "stored_object" USING btree ("hospital_id","object_key","generation");--> statement-breakpoint
CREATE INDEX "stored_object_instance" ON "stored_object" USING btree ("instance_id");--> statement-breakpoint
CREATE UNIQUE INDEX "study_of_hospital" ON "study" USING btree ("hospital_id","study_instance_uid");--> statement-breakpoint
CREATE INDEX "study_accession" ON "study" USING btree ("hospital_id","accession_number");--> statement-breakpoint
CREATE INDEX "study_patient" ON "study" USING btree ("patient_id");