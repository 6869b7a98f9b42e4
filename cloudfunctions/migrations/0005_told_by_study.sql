ALTER TABLE "notification" DROP CONSTRAINT "notification_film_id_film_id_fk";
--> statement-breakpoint
DROP INDEX "notification_once";--> statement-breakpoint
ALTER TABLE "notification" ADD COLUMN "study_instance_uid" text;--> statement-breakpoint
UPDATE "notification" SET "study_instance_uid" = (SELECT "study"."study_instance_uid" FROM "film" JOIN "study" ON "study"."id" = "film"."study_id" WHERE "film"."id" = "notification"."film_id");--> statement-breakpoint
UPDATE "notification" SET "topic" = (SELECT CASE WHEN "notification"."topic" LIKE 'film-withdrawn:%' THEN 'film-withdrawn/' WHEN "notification"."topic" LIKE 'film-amended:%' THEN 'film-amended/' ELSE 'film-ready/' END || min("report_version"."journal_sequence")::text FROM "film" JOIN "report" ON "report"."study_id" = "film"."study_id" JOIN "report_version" ON "report_version"."report_id" = "report"."id" AND "report_version"."version" = "report"."version" WHERE "film"."id" = "notification"."film_id") WHERE (SELECT count(*) FROM "film" JOIN "report" ON "report"."study_id" = "film"."study_id" WHERE "film"."id" = "notification"."film_id") = 1 AND EXISTS (SELECT 1 FROM "film" JOIN "report" ON "report"."study_id" = "film"."study_id" WHERE "film"."id" = "notification"."film_id" AND "notification"."topic" LIKE '%:' || "report"."version"::text);--> statement-breakpoint
ALTER TABLE "notification" ALTER COLUMN "study_instance_uid" SET NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "notification_once" ON "notification" USING btree ("hospital_id","study_instance_uid","topic","channel");--> statement-breakpoint
ALTER TABLE "notification" DROP COLUMN "film_id";
