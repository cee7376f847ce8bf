/**
 * What a person cannot see: white space, control and format characters, characters that Unicode says are not drawn
 * (Default_Ignorable_Code_Point: U+00AD, U+3164, U+FE0F and others) and the blank Braille pattern.
 */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Whether a person sees anything of a text. Joiners inside an emoji are invisible, the emoji is not. */
export const isVisible = (text: string | null | undefined): text is string =>
  text != null && text.replace(INVISIBLE, '') !== '';
