CREATE TABLE `__new_group_members` (
	`group_key` integer NOT NULL,
	`agent_id` text NOT NULL,
	`business_id` text NOT NULL,
	PRIMARY KEY(`group_key`, `agent_id`),
	FOREIGN KEY (`group_key`) REFERENCES `groups`(`key`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_group_members` (`group_key`, `agent_id`, `business_id`) SELECT `group_key`, `agent_id`, `business_id` FROM `group_members` JOIN `groups` ON `groups`.`key` = `group_key`;--> statement-breakpoint
DROP TABLE `group_members`;--> statement-breakpoint
ALTER TABLE `__new_group_members` RENAME TO `group_members`;--> statement-breakpoint
CREATE INDEX `group_members_by_agent` ON `group_members` (`business_id`,`agent_id`);
