-- Texts and numbers that stood in clear are sealed from here on. A statement has no keys, so nothing is carried over: what is a
-- projection of the journal is emptied, with the links to it and the marks on it, and the journal is read again from its beginning at the next start, as
-- after a lost database. TRUNCATE gives the tables new files: the old ones, and what they held, are removed.
TRUNCATE "mark_sheet", "share", "exam_opening", "film", "report_version", "report", "stored_object", "instance", "series", "study";--> statement-breakpoint
DELETE FROM "session" WHERE "audience" = 'share';--> statement-breakpoint
DELETE FROM "notification" WHERE "state" = 'pending';--> statement-breakpoint
DELETE FROM "outbox" WHERE "kind" <> 'text-message-due';--> statement-breakpoint
UPDATE "journal_position" SET "sequence" = 0;--> statement-breakpoint
DROP INDEX "report_accession";--> statement-breakpoint
DROP INDEX "report_filler";--> statement-breakpoint
DROP INDEX "study_accession";--> statement-breakpoint
ALTER TABLE "instance" ADD COLUMN "view_sealed" "bytea";--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "filler_order_number_index" text NOT NULL;--> statement-breakpoint
ALTER TABLE "report" ADD COLUMN "accession_number_index" text NOT NULL;--> statement-breakpoint
ALTER TABLE "report_version" ADD COLUMN "exam_item_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "report_version" ADD COLUMN "message_control_id_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "description_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "series" ADD COLUMN "body_part_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "study" ADD COLUMN "accession_number_index" text NOT NULL;--> statement-breakpoint
ALTER TABLE "study" ADD COLUMN "accession_number_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "study" ADD COLUMN "description_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "study" ADD COLUMN "body_part_sealed" "bytea" NOT NULL;--> statement-breakpoint
ALTER TABLE "study" ADD COLUMN "body_regions" text NOT NULL;--> statement-breakpoint
CREATE INDEX "report_accession" ON "report" USING btree ("hospital_id","accession_number_index");--> statement-breakpoint
CREATE INDEX "report_filler" ON "report" USING btree ("hospital_id","filler_order_number_index");--> statement-breakpoint
CREATE INDEX "study_accession" ON "study" USING btree ("hospital_id","accession_number_index");--> statement-breakpoint
ALTER TABLE "instance" DROP COLUMN "view_json";--> statement-breakpoint
ALTER TABLE "report" DROP COLUMN "filler_order_number";--> statement-breakpoint
ALTER TABLE "report" DROP COLUMN "accession_number";--> statement-breakpoint
ALTER TABLE "report_version" DROP COLUMN "exam_item";--> statement-breakpoint
ALTER TABLE "report_version" DROP COLUMN "message_control_id";--> statement-breakpoint
ALTER TABLE "series" DROP COLUMN "description";--> statement-breakpoint
ALTER TABLE "series" DROP COLUMN "body_part";--> statement-breakpoint
ALTER TABLE "study" DROP COLUMN "accession_number";--> statement-breakpoint
ALTER TABLE "study" DROP COLUMN "description";--> statement-breakpoint
ALTER TABLE "study" DROP COLUMN "body_part";