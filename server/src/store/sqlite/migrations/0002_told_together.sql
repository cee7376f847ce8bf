CREATE TABLE `tallies` (
	`agent_key` integer PRIMARY KEY NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`unread` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `tallies` (`agent_key`, `seq`, `unread`) SELECT `key`, `seq`, (SELECT count(*) FROM `notifications` WHERE `agent_key` = `agents`.`key` AND state = 'open') FROM `agents`;--> statement-breakpoint
ALTER TABLE `agents` DROP COLUMN `seq`;--> statement-breakpoint
ALTER TABLE `conversations` ADD `shown` text;--> statement-breakpoint
ALTER TABLE `conversations` ADD `content_id` integer;--> statement-breakpoint
UPDATE `conversations` SET `shown` = (SELECT `data` FROM `contents` JOIN `notifications` ON `content_id` = `contents`.`id` WHERE `conversation_key` = `conversations`.`key` AND `notifications`.`state` = 'open' LIMIT 1);--> statement-breakpoint
CREATE TABLE `__new_notifications` (
	`conversation_key` integer NOT NULL,
	`ended` integer NOT NULL,
	`agent_key` integer NOT NULL,
	`id` text NOT NULL,
	`content_id` integer,
	`reason` text NOT NULL,
	`why` text NOT NULL,
	`state` text NOT NULL,
	`settled_by` text,
	`seq` integer NOT NULL,
	`alerted_seq` integer NOT NULL,
	`message_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`conversation_key`, `ended`, `agent_key`),
	FOREIGN KEY (`conversation_key`) REFERENCES `conversations`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_notifications` SELECT `conversation_key`, iif(`state` = 'open', 0, `seq`), `agent_key`, `id`, iif(`state` = 'open', NULL, `content_id`), `reason`, `why`, `state`, `settled_by`, `seq`, `alerted_seq`, `message_count`, `created_at`, `updated_at` FROM `notifications`;--> statement-breakpoint
DROP TABLE `notifications`;--> statement-breakpoint
ALTER TABLE `__new_notifications` RENAME TO `notifications`;--> statement-breakpoint
CREATE INDEX `notifications_open` ON `notifications` (`agent_key`,`seq`) WHERE ended = 0;--> statement-breakpoint
CREATE INDEX `notifications_ended` ON `notifications` (`agent_key`,`seq`) WHERE ended > 0;--> statement-breakpoint
DELETE FROM `contents` WHERE `id` NOT IN (SELECT `content_id` FROM `notifications` WHERE `content_id` IS NOT NULL);--> statement-breakpoint
CREATE TABLE `__new_entries` (
	`conversation_key` integer NOT NULL,
	`entry_id` text NOT NULL,
	`at` integer NOT NULL,
	`rank` integer NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`conversation_key`, `entry_id`),
	FOREIGN KEY (`conversation_key`) REFERENCES `conversations`(`key`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_entries` SELECT `conversation_key`, `entry_id`, `at`, `rank`, `data` FROM `entries`;--> statement-breakpoint
DROP TABLE `entries`;--> statement-breakpoint
ALTER TABLE `__new_entries` RENAME TO `entries`;
