CREATE TABLE `__new_codes` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`challenge_hash` text NOT NULL,
	`email_key` text NOT NULL,
	`code_hash` text NOT NULL,
	`expires_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`address_attempts` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_codes` (`challenge_hash`, `email_key`, `code_hash`, `expires_at`, `address_attempts`) SELECT hex(randomblob(16)), `email_key`, `code_hash`, `expires_at`, `attempts` FROM `codes`;--> statement-breakpoint
DROP TABLE `codes`;--> statement-breakpoint
ALTER TABLE `__new_codes` RENAME TO `codes`;--> statement-breakpoint
CREATE UNIQUE INDEX `codes_challengeHash_unique` ON `codes` (`challenge_hash`);--> statement-breakpoint
CREATE INDEX `codes_by_email` ON `codes` (`email_key`);
