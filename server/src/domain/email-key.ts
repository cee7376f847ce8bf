/**
 * An email address in the form in which addresses are compared: lower case, the domain in ASCII, for browsers turn an
 * internationalised domain that is typed into an email field into that.
 */
export function emailKeyOf(email: string): string {
  const key = email.trim().toLowerCase();
  const at = key.lastIndexOf('@') + 1;
  const url = `http://${key.slice(at)}`;
  return URL.canParse(url) ? key.slice(0, at) + new URL(url).hostname : key;
}
