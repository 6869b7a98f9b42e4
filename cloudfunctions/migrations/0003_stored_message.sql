ALTER TABLE "stored_object" ADD COLUMN "journal_sequence" bigint;--> statement-breakpoint
CREATE INDEX "stored_object_message" ON "stored_object" USING btree ("hospital_id","journal_sequence");