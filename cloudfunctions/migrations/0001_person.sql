CREATE TABLE "attempt_counter" (
	"id" text PRIMARY KEY NOT NULL,
	"count" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL
);--> statement-breakpoint
CREATE TABLE "exam_opening" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"film_id" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL
);--> statement-breakpoint
CREATE TABLE "patient_link" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"person_id" text NOT NULL,
	"identity_index" text NOT NULL,
	"assurance" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);--> statement-breakpoint
CREATE TABLE "patient_record" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"patient_id_index" text NOT NULL,
	"name_sealed" "bytea" NOT NULL,
	"id_number_sealed" "bytea" NOT NULL,
	"phone_sealed" "bytea" NOT NULL,
	"identity_index" text NOT NULL,
	"sex" text NOT NULL,
	"stated_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);--> statement-breakpoint
CREATE TABLE "person" (
	"id" text PRIMARY KEY NOT NULL,
	"phone_index" text NOT NULL,
	"phone_sealed" "bytea" NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);--> statement-breakpoint
CREATE TABLE "person_session" (
	"id" text PRIMARY KEY NOT NULL,
	"person_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);--> statement-breakpoint
CREATE TABLE "refresh_token" (
	"id" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"token_index" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);--> statement-breakpoint
CREATE TABLE "text_message" (
	"id" text PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"content_sealed" "bytea" NOT NULL,
	"state" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone
);--> statement-breakpoint
CREATE TABLE "text_message_code" (
	"id" text PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"verifier" text NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL,
	"sent_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"person_id" text DEFAULT '' NOT NULL,
	"hospital_id" text DEFAULT '' NOT NULL,
	"identity_index" text DEFAULT '' NOT NULL
);--> statement-breakpoint
ALTER TABLE "exam_opening" ADD CONSTRAINT "exam_opening_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exam_opening" ADD CONSTRAINT "exam_opening_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exam_opening" ADD CONSTRAINT "exam_opening_film_id_film_id_fk" FOREIGN KEY ("film_id") REFERENCES "public"."film"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_link" ADD CONSTRAINT "patient_link_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_link" ADD CONSTRAINT "patient_link_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "patient_record" ADD CONSTRAINT "patient_record_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_session" ADD CONSTRAINT "person_session_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_token" ADD CONSTRAINT "refresh_token_session_id_person_session_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."person_session"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempt_counter_started" ON "attempt_counter" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "exam_opening_once" ON "exam_opening" USING btree ("staff_id","film_id");--> statement-breakpoint
CREATE INDEX "patient_link_person" ON "patient_link" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "patient_link_identity" ON "patient_link" USING btree ("hospital_id","identity_index");--> statement-breakpoint
CREATE UNIQUE INDEX "patient_record_of_hospital" ON "patient_record" USING btree ("hospital_id","patient_id_index");--> statement-breakpoint
CREATE INDEX "patient_record_identity" ON "patient_record" USING btree ("hospital_id","identity_index");--> statement-breakpoint
CREATE UNIQUE INDEX "person_phone" ON "person" USING btree ("phone_index");--> statement-breakpoint
CREATE INDEX "person_session_person" ON "person_session" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_token_index" ON "refresh_token" USING btree ("token_index");--> statement-breakpoint
CREATE INDEX "refresh_token_session" ON "refresh_token" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "text_message_created" ON "text_message" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "text_message_code_subject" ON "text_message_code" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "text_message_code_expiry" ON "text_message_code" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "share" ADD COLUMN "last_viewed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "share" ADD COLUMN "created_by_kind" text DEFAULT 'staff' NOT NULL;--> statement-breakpoint
ALTER TABLE "share" ALTER COLUMN "created_by_kind" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "share" ADD COLUMN "created_by_id" text;--> statement-breakpoint
UPDATE "share" SET "created_by_id" = "created_by_staff_id";--> statement-breakpoint
ALTER TABLE "share" ALTER COLUMN "created_by_id" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "share" DROP CONSTRAINT "share_created_by_staff_id_staff_id_fk";--> statement-breakpoint
ALTER TABLE "share" DROP COLUMN "created_by_staff_id";--> statement-breakpoint
CREATE INDEX "share_creator" ON "share" USING btree ("created_by_kind","created_by_id","created_at");