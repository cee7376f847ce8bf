import type { Db } from './database.ts';

/**
 * The person who has these identifiers. If any of them is known, it is the person known longest; otherwise the first
 * identifier becomes the person's name. From now on all of them belong to that person. To run inside a transaction.
 */
export function personWith(db: Db, sourceKey: string, identifiers: readonly string[]): string {
  const find = db.sql<{ person: string; rowid: number }>(
    'SELECT person, rowid FROM source_aliases WHERE source_key = ? AND alias = ?',
  );
  const known = identifiers.flatMap((alias) => find.get(sourceKey, alias) ?? []).toSorted((a, b) => a.rowid - b.rowid);
  const person = known[0]?.person ?? identifiers[0]!;
  // If two known persons turn out to be one, the one who was seen first stays.
  for (const { person: other } of known) {
    if (other === person) continue;
    db.sql('UPDATE source_aliases SET person = ? WHERE source_key = ? AND person = ?').run(person, sourceKey, other);
  }
  for (const alias of identifiers) {
    db.sql('INSERT INTO source_aliases (source_key, alias, person) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(
      sourceKey,
      alias,
      person,
    );
  }
  return person;
}
