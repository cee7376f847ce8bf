export * from './agent.ts';
export * from './api.ts';
export * from './channels.ts';
export * from './ids.ts';
export * from './ingest.ts';
export * from './notification.ts';
export * from './stream.ts';
export * from './text.ts';
