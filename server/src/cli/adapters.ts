/** The commands' composition root: the only file of `cli/` that names adapters. */
export { transportOf } from '../email/transport.ts';
export { sources } from '../sources/index.ts';
export { backupStore, inspectStore, inspectStoredSources, replaceStore } from '../store/backup.ts';
export { databaseFile, openStore } from '../store/open.ts';
