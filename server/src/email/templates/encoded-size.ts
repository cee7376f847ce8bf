/** Characters of a line of an encoded body (RFC 2045, sections 6.7 and 6.8). */
const LINE = 76;
/** CR LF, and in quoted-printable the "=" before it. */
const LINE_END = 2;
const SOFT_LINE_END = 3;
/** `=` of quoted-printable takes three characters and is not split, so a line may end two characters early. */
const QP_LINE = LINE - SOFT_LINE_END;

/** A space at the end of a line is escaped, all others are not. */
const isPlain = (byte: number, next: number | undefined): boolean =>
  byte > 0x20 ? byte <= 0x7e && byte !== 0x3d : byte === 0x20 && next !== 0x0a && next !== 0x0d;

/**
 * The most bytes that a text takes in an email, whichever of quoted-printable and base64 the sending side chooses: what
 * mail programs count that cut long emails.
 */
export function encodedSize(text: string): number {
  const bytes = Buffer.from(text);
  let units = 0;
  bytes.forEach((byte, index) => {
    // A line break becomes CR LF.
    units += byte === 0x0a ? LINE_END : isPlain(byte, bytes[index + 1]) ? 1 : 3;
  });
  const quotedPrintable = units + Math.ceil(units / QP_LINE) * SOFT_LINE_END;
  const base64 = Math.ceil(bytes.length / 3) * 4;
  return Math.max(quotedPrintable, base64 + Math.ceil(base64 / LINE) * LINE_END);
}
