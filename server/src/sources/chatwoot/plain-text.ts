/**
 * Markdown as plain text. Chatwoot since March 2026 sends what was typed instead of what the channel shows. Only what
 * can hardly be meant literally is taken away: links, bold text, and backslashes before punctuation.
 */
export const plainText = (markdown: string): string =>
  markdown
    .replace(/!?\[([^[\]\n]{1,500})\]\((https?:\/\/[^\s()]{1,2000}|mailto:[^\s()]{1,300})\)/g, '$1')
    .replace(/\*\*(?=\S)([^*\n]{1,2000})(?<=\S)\*\*/g, '$1')
    .replace(/\\([*_~`[\]()#>!])/g, '$1');
