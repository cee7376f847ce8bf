import type { Db } from './database.ts';

/**
 * Who somebody with these identifiers is: the person that one of them was first met as, otherwise the first of them. All
 * of them are that person's from now on. To run inside a transaction.
 */
export function personWith(db: Db, sourceKey: string, identifiers: readonly string[]): string {
  const find = db.sql<{ person: string; rowid: number }>(
    'SELECT person, rowid FROM source_aliases WHERE source_key = ? AND alias = ?',
  );
  const known = identifiers.flatMap((alias) => find.get(sourceKey, alias) ?? []).toSorted((a, b) => a.rowid - b.rowid);
  const person = known[0]?.person ?? identifiers[0]!;
  // Two who turn out to be one go on as the one who was met first.
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
