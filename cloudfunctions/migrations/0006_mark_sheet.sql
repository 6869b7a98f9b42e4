CREATE TABLE "mark_sheet" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_id" text NOT NULL,
	"study_id" text NOT NULL,
	"series_instance_uid" text NOT NULL,
	"version" integer NOT NULL,
	"marks_sealed" "bytea" NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mark_sheet" ADD CONSTRAINT "mark_sheet_hospital_id_hospital_id_fk" FOREIGN KEY ("hospital_id") REFERENCES "public"."hospital"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mark_sheet" ADD CONSTRAINT "mark_sheet_study_id_study_id_fk" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mark_sheet" ADD CONSTRAINT "mark_sheet_changed_by_staff_id_fk" FOREIGN KEY ("changed_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "mark_sheet_once" ON "mark_sheet" USING btree ("study_id","series_instance_uid");