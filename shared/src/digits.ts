const isDigit = (codePoint: number): boolean => /^\p{Nd}$/u.test(String.fromCodePoint(codePoint));

/** Unicode gives each script its ten digits in a row, and some rows follow each other without a gap. */
const digitOf = (codePoint: number): number => {
  let before = 0;
  while (isDigit(codePoint - before - 1)) before++;
  return before % 10;
};

/** The text with the decimal digits of every script (Arabic, Persian, full-width, …) as 0 to 9; all else stays. */
export const asciiDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => String(digitOf(digit.codePointAt(0)!)));

/** Digits in a sign-in code. */
export const CODE_LENGTH = 6;

/** The code in what was typed or pasted: "123 456", "١٢٣٤٥٦" and "Your code is 123456" all hold one. At most six digits. */
export const codeIn = (text: string): string =>
  asciiDigits(text)
    .replace(/[^0-9]/g, '')
    .slice(0, CODE_LENGTH);
