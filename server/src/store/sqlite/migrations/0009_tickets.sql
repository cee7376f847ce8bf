CREATE TABLE `tickets` (
	`ticket_hash` text PRIMARY KEY NOT NULL,
	`session_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`session_id`) REFERENCES `sessions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `sessions` ADD `begun_by` text REFERENCES sessions(id) ON DELETE cascade;--> statement-breakpoint
CREATE INDEX `sessions_by_begun_by` ON `sessions` (`begun_by`);
