export * from './agent.ts';
export * from './api.ts';
export * from './channel.ts';
export * from './channel-label.ts';
export * from './ids.ts';
export * from './ingest.ts';
export * from './notification.ts';
export * from './stream.ts';
