import { chatwoot } from './chatwoot/source.ts';
import { meta } from './meta/source.ts';
import { twilio } from './twilio/source.ts';

/** The foreign systems that can be plugged in. Adding one is a folder and a line. */
export const sources = { chatwoot, twilio, meta };
export type SourceKind = keyof typeof sources;
