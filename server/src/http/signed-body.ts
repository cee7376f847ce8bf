import { invalid } from './problem.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The JSON of a body whose signature was checked over its bytes.
 * @throws the 422 for bytes that are no UTF-8 and for text that is no JSON
 */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw invalid('body', 'is not valid JSON in UTF-8');
  }
}
