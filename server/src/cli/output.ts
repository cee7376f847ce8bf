/** A failure that the operator can do something about: said in one line, exit code 1. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
}

/** What a command gives: one value for programs (`--json`), one text for people. */
export interface Result {
  json: unknown;
  text: string;
  /** What is wrong although the command did its work. */
  failed?: string;
}

/** Columns for people, as wide as they need to be. */
export function table(rows: Record<string, string>[], whenEmpty: string): string {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return whenEmpty;
  const lines = [Object.fromEntries(columns.map((column) => [column, column.toUpperCase()])), ...rows];
  const width = (column: string): number => Math.max(...lines.map((line) => (line[column] ?? '').length));
  const widths = new Map(columns.map((column) => [column, width(column)]));
  return lines
    .map((line) =>
      columns
        .map((column) => (line[column] ?? '').padEnd(widths.get(column) ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A moment as people read it, in UTC; a dash for never. */
export const moment = (at: number | null): string =>
  at === null ? '-' : `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
