/**
 * How SQLite finds the rows of each statement that runs in this process, told by `EXPLAIN QUERY PLAN` with the
 * statement's own text: with its values written out, a plan may use a partial index that the statement cannot.
 */
import SQLite from 'better-sqlite3';

/** A table that a statement reads from end to end, or indexes anew each time, which comes to the same. */
export interface Scan {
  table: string;
  detail: string;
}

export interface Recorded {
  /** The Store operations that were under way; nearly always one. */
  operations: string[];
  sql: string;
  scans: Scan[];
}

type Execute = (this: SQLite.Statement, ...values: unknown[]) => unknown;

const STATEMENTS = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;
const METHODS = ['get', 'all', 'run', 'iterate'] as const;

/** Records from now on what runs during the operations of the stores that are given to `watch`. */
export function recordPlans() {
  const recorded = new Map<string, Recorded>();
  const underWay = new Set<string>();
  let opening = false;
  const operations = new Set<string>();
  const client = new SQLite(':memory:');
  const prototype = Object.getPrototypeOf(client.prepare('SELECT 1')) as Record<(typeof METHODS)[number], Execute>;
  client.close();
  const originals = METHODS.map((method) => [method, prototype[method]] as const);

  function note(statement: SQLite.Statement, values: unknown[]): void {
    const { source, database } = statement;
    if (opening || underWay.size === 0 || !STATEMENTS.test(source)) return;
    const key = `${[...underWay].toSorted()} ${source}`;
    if (recorded.has(key)) return;
    const rows = explained(database, source, values);
    recorded.set(key, { operations: [...underWay], sql: source, scans: scansIn(rows, source) });
  }

  const explained = (database: SQLite.Database, source: string, values: unknown[]): string[] => {
    const rows = database.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...values) as { detail: string }[];
    return rows.map(({ detail }) => detail);
  };

  for (const [method, original] of originals) {
    prototype[method] = function (...values) {
      note(this, values);
      return original.apply(this, values);
    };
  }

  const watched = <Watched extends object>(store: Watched): Watched =>
    new Proxy(store, {
      get(target, name) {
        const operation: unknown = Reflect.get(target, name);
        if (typeof operation !== 'function') return operation;
        return (...values: unknown[]) => {
          operations.add(String(name));
          underWay.add(String(name));
          const over = () => underWay.delete(String(name));
          const result: unknown = operation(...values);
          if (result instanceof Promise) return result.finally(over);
          over();
          return result;
        };
      },
    });

  return {
    recorded: () => [...recorded.values()],
    /** The names of the operations that were called at all. */
    operations: () => [...operations],
    /**
     * Opens a store; while one of its operations runs, statements count as that operation's. What opening it takes
     * does not, even if an operation of another store is still under way.
     */
    watch<Watched extends object>(open: () => Watched): Watched {
      opening = true;
      try {
        return watched(open());
      } finally {
        opening = false;
      }
    },
    stop(): void {
      for (const [method, original] of originals) prototype[method] = original;
    },
  };
}

/**
 * The scans in a plan's lines, those of a delete's foreign keys among them. What is made within the statement (lists
 * given as JSON, subqueries) is no table. A scan by a partial index is one as well, for the plan does not tell how
 * many rows that holds.
 */
export function scansIn(details: readonly string[], sql: string): Scan[] {
  // An empty list of alternatives becomes `false`, which SQLite finds out before it reads anything.
  if (/ and false\b/.test(sql)) return [];
  return details.flatMap((detail) => {
    const [, name] = /^SCAN (\w+)/.exec(detail) ?? /^SEARCH (\w+) USING AUTOMATIC/.exec(detail) ?? [];
    if (name === undefined || /^SCAN (CONSTANT ROW|\w+ VIRTUAL TABLE)/.test(detail)) return [];
    const table = tableOf(name, sql);
    return isIdleCheck(table, sql) ? [] : [{ table, detail }];
  });
}

/**
 * Whether this is the look for rows that an insert might give the parent they lack, which SQLite plans for an upsert
 * but skips while no row lacks one (`OP_FkIfZero`).
 */
const isIdleCheck = (table: string, sql: string): boolean =>
  /^\s*INSERT\b/i.test(sql) && !new RegExp(`\\b${table}\\b`).test(sql);

/** A plan names tables as the statement does, so an alias has to be looked up in it. */
function tableOf(name: string, sql: string): string {
  const named = sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)"?\s+(?:AS\s+)?"?(\w+)"?/gi);
  for (const [, table, alias] of named) if (alias === name) return table!;
  return name;
}
