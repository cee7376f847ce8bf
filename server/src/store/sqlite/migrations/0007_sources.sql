CREATE TABLE `source_aliases` (
	`source_key` text NOT NULL,
	`alias` text NOT NULL,
	`person` text NOT NULL,
	PRIMARY KEY(`source_key`, `alias`),
	FOREIGN KEY (`source_key`) REFERENCES `sources`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `source_people` (
	`source_key` text NOT NULL,
	`foreign_id` text NOT NULL,
	`agent_id` text NOT NULL,
	PRIMARY KEY(`source_key`, `foreign_id`),
	FOREIGN KEY (`source_key`) REFERENCES `sources`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sources` (
	`key` text PRIMARY KEY NOT NULL,
	`business_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`settings` text NOT NULL,
	`secrets` text NOT NULL,
	`paused` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`last_received_at` integer,
	`last_failure` text,
	`last_failure_at` integer,
	`synced_at` integer,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sources_businessId_id_unique` ON `sources` (`business_id`,`id`);