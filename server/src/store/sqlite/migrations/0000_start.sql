CREATE TABLE `contents` (
	`id` integer PRIMARY KEY NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `conversations` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`business_id` text NOT NULL,
	`id` text NOT NULL,
	`channel` text NOT NULL,
	`state` text NOT NULL,
	`group_key` integer NOT NULL,
	`status` text NOT NULL,
	`assignee_kind` text,
	`assignee_agent_key` integer,
	`waiting_since` integer,
	`pending` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`address` text,
	`guest_id` text,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`group_key`) REFERENCES `groups`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assignee_agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `conversations_open` ON `conversations` (`group_key`,`assignee_kind`) WHERE status = 'open';--> statement-breakpoint
CREATE INDEX `conversations_closed` ON `conversations` (`group_key`,`updated_at`) WHERE status = 'closed';--> statement-breakpoint
CREATE INDEX `conversations_by_assignee` ON `conversations` (`assignee_agent_key`) WHERE assignee_agent_key IS NOT NULL;--> statement-breakpoint
CREATE INDEX `conversations_by_address` ON `conversations` (`business_id`,`address`) WHERE address IS NOT NULL;--> statement-breakpoint
CREATE INDEX `conversations_by_guest` ON `conversations` (`business_id`,`guest_id`) WHERE guest_id IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `conversations_businessId_id_unique` ON `conversations` (`business_id`,`id`);--> statement-breakpoint
CREATE TABLE `entries` (
	`conversation_key` integer NOT NULL,
	`entry_id` text NOT NULL,
	`at` integer NOT NULL,
	`rank` integer NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`conversation_key`, `entry_id`),
	FOREIGN KEY (`conversation_key`) REFERENCES `conversations`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `notifications` (
	`key` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`agent_key` integer NOT NULL,
	`conversation_key` integer NOT NULL,
	`content_id` integer NOT NULL,
	`reason` text NOT NULL,
	`why` text NOT NULL,
	`state` text NOT NULL,
	`settled_by` text,
	`seq` integer NOT NULL,
	`alerted_seq` integer NOT NULL,
	`message_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`conversation_key`) REFERENCES `conversations`(`key`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`content_id`) REFERENCES `contents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_open` ON `notifications` (`conversation_key`,`agent_key`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `notifications_open_by_agent` ON `notifications` (`agent_key`) WHERE state = 'open';--> statement-breakpoint
CREATE INDEX `notifications_by_content` ON `notifications` (`content_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `notifications_agentKey_seq_unique` ON `notifications` (`agent_key`,`seq`);--> statement-breakpoint
CREATE TABLE `pending_entries` (
	`business_id` text NOT NULL,
	`conversation_id` text NOT NULL,
	`entry_id` text NOT NULL,
	`data` text NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`business_id`, `conversation_id`, `entry_id`),
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `pending_entries_by_expiry` ON `pending_entries` (`expires_at`);--> statement-breakpoint
CREATE TABLE `processed_events` (
	`business_id` text NOT NULL,
	`event_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`business_id`, `event_id`),
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `agents` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`business_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_key` text NOT NULL,
	`role` text NOT NULL,
	`active` integer NOT NULL,
	`saved_at` integer NOT NULL,
	`saved_by` text NOT NULL,
	`message_notifications` integer DEFAULT true NOT NULL,
	`assistant_chats` integer DEFAULT true NOT NULL,
	`unreplied_emails` integer DEFAULT true NOT NULL,
	`preferences_seq` integer DEFAULT 0 NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`replay_floor` integer DEFAULT 0 NOT NULL,
	`last_connected_at` integer,
	`mail_suppressed` text,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agents_by_email` ON `agents` (`email_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `agents_businessId_id_unique` ON `agents` (`business_id`,`id`);--> statement-breakpoint
CREATE TABLE `businesses` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_secret_until` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `group_members` (
	`group_key` integer NOT NULL,
	`agent_id` text NOT NULL,
	PRIMARY KEY(`group_key`, `agent_id`),
	FOREIGN KEY (`group_key`) REFERENCES `groups`(`key`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `groups` (
	`key` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`business_id` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`active` integer NOT NULL,
	`saved_at` integer NOT NULL,
	`saved_by` text NOT NULL,
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_businessId_id_unique` ON `groups` (`business_id`,`id`);--> statement-breakpoint
CREATE TABLE `identities` (
	`business_id` text NOT NULL,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`is_contact` integer DEFAULT false NOT NULL,
	`saved_name` text,
	`saved_at` integer,
	`saved_by` text,
	`email` text,
	`sender_name` text,
	`sender_at` integer,
	PRIMARY KEY(`business_id`, `kind`, `value`),
	FOREIGN KEY (`business_id`) REFERENCES `businesses`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `codes` (
	`email_key` text PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`expires_at` integer NOT NULL,
	`attempts` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`agent_key` integer NOT NULL,
	`token_hash` text NOT NULL,
	`device` text,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	FOREIGN KEY (`agent_key`) REFERENCES `agents`(`key`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_tokenHash_unique` ON `sessions` (`token_hash`);--> statement-breakpoint
CREATE INDEX `sessions_by_agent` ON `sessions` (`agent_key`);