/**
 * WhatsApp's business-scoped user ids: a country, a dot and letters or digits. People with a username have one and
 * perhaps no phone number that a business may see.
 */
const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

export const isBsuid = (text: string): boolean => BSUID.test(text);

/** Every one of them in a sentence, in order. */
export const bsuidsIn = (text: string): string[] => text.match(/\b[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}\b/g) ?? [];
