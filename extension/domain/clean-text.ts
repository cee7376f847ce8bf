/**
 * Whether a desktop refuses a character although JSON carries it. D-Bus aborts the browser over a Unicode noncharacter
 * and takes no NUL (D-Bus specification, "Basic types"); Windows puts a toast's text into XML 1.0, which has no
 * control characters but tab and line breaks (section 2.2, "Characters").
 */
const isRefused = (character: string): boolean =>
  /\p{Noncharacter_Code_Point}/u.test(character) || (character < ' ' && !/[\t\n\r]/.test(character));

/** Text that every desktop takes: what it would refuse, lone surrogates included, becomes U+FFFD. */
export const cleanText = (text: string): string =>
  Array.from(text.toWellFormed(), (character) => (isRefused(character) ? '\uFFFD' : character)).join('');

interface ToastTexts {
  title?: string;
  message?: string;
  contextMessage?: string;
  buttons?: { title: string }[];
}

/** The same options with every text of the toast cleaned. */
export const withCleanTexts = <Options extends ToastTexts>(options: Options): Options => {
  const cleaned = { ...options };
  for (const key of ['title', 'message', 'contextMessage'] as const) {
    if (cleaned[key] !== undefined) cleaned[key] = cleanText(cleaned[key]);
  }
  if (cleaned.buttons)
    cleaned.buttons = cleaned.buttons.map((button) => ({ ...button, title: cleanText(button.title) }));
  return cleaned;
};
