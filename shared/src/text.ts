/** What text that comes from outside is made of. */

/**
 * The 66 noncharacters (Unicode 17, section 23.7) in well-formed UTF-16: U+FDD0 to U+FDEF, and the last two code
 * points of every plane. Written in code units, because a regular expression by code points takes four times as long.
 */
const NONCHARACTERS =
  /[\uFDD0-\uFDEF\uFFFE\uFFFF]|[\uD83F\uD87F\uD8BF\uD8FF\uD93F\uD97F\uD9BF\uD9FF\uDA3F\uDA7F\uDABF\uDAFF\uDB3F\uDB7F\uDBBF\uDBFF][\uDFFE\uDFFF]/g;

/**
 * Replaces by U+FFFD what some system that the text is given to refuses: NUL (PostgreSQL), lone surrogates (UTF-8)
 * and Unicode noncharacters (D-Bus, where Chromium aborts).
 */
export const replaceUnsafe = (text: string): string =>
  text.toWellFormed().replaceAll('\u0000', '\uFFFD').replace(NONCHARACTERS, '\uFFFD');

/**
 * Anything but spaces, controls and what is drawn as nothing: Unicode's default ignorable code points (joiners,
 * direction marks, variation selectors, Hangul fillers …), interlinear marks, the blank Braille pattern and the
 * null notehead.
 */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800\u{1D159}]/u;

/** Whether a reader sees anything of a text. */
export const hasVisibleCharacter = (text: string): boolean => VISIBLE.test(text);

/** A text as one line, without space around it. */
export const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** The first `length` UTF-16 units of a text, one less where that would cut a character in two. */
export const cutTo = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
