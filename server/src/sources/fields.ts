/**
 * Readers of foreign JSON. A field of another kind than documented is as if it were missing: what needs it says so
 * itself, and nothing else is lost over it.
 */
import { z } from 'zod';

export const text = z.string().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);
/** An id that is a number in some versions and a text in others. */
export const id = z
  .union([z.number().int().transform(String), z.string().min(1)])
  .optional()
  .catch(undefined);
export const number = z.number().optional().catch(undefined);

/** An object with these fields; anything else counts as missing. */
export const part = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).optional().catch(undefined);

/** A list; what is no list is an empty one. Its items are read one by one, so that an odd one costs only itself. */
export const list = z.array(z.unknown()).catch([]);

/** The items of a list that can be read; the others count as not there. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item.nullable().catch(null))
    .catch([])
    .transform((items) => items.filter((entry) => entry !== null));

/** The JSON of a body, or undefined. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
