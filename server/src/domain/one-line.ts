/**
 * A stranger's text as one line: without the control characters and line breaks that could forge a header or a line of
 * its own, and without the direction marks that could turn the line around (Unicode UAX 9).
 */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();
