CREATE TABLE `batches` (
	`id` text PRIMARY KEY NOT NULL,
	`emails` text,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`first_attempt_at` integer,
	`not_before` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `batches_waiting` ON `batches` (`not_before`) WHERE status = 'frozen';--> statement-breakpoint
CREATE TABLE `digest_messages` (
	`agent_key` integer NOT NULL,
	`conversation_key` integer NOT NULL,
	`message_id` text NOT NULL,
	`digest_key` integer NOT NULL,
	PRIMARY KEY(`conversation_key`, `agent_key`, `message_id`),
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`conversation_key`) REFERENCES `conversations`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`digest_key`) REFERENCES `digests`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `digest_messages_by_digest` ON `digest_messages` (`digest_key`);--> statement-breakpoint
CREATE TABLE `digests` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`slot_key` integer NOT NULL,
	`agent_key` integer NOT NULL,
	`batch_id` text NOT NULL,
	`position` integer NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`slot_key`) REFERENCES `slots`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`batch_id`) REFERENCES `batches`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `digests_slotKey_agentKey_unique` ON `digests` (`slot_key`,`agent_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `digests_batchId_position_unique` ON `digests` (`batch_id`,`position`);--> statement-breakpoint
CREATE TABLE `slots` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`business_id` text NOT NULL,
	`date` text NOT NULL,
	`time` text NOT NULL,
	`time_zone` text NOT NULL,
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`skipped` text,
	`recorded_at` integer NOT NULL,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `slots_by_time` ON `slots` (`business_id`,`at`);--> statement-breakpoint
CREATE INDEX `slots_running` ON `slots` (`key`) WHERE status = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX `slots_businessId_date_time_timeZone_unique` ON `slots` (`business_id`,`date`,`time`,`time_zone`);--> statement-breakpoint
CREATE INDEX `conversations_waiting` ON `conversations` (`business_id`) WHERE status = 'open' AND waiting_since IS NOT NULL;