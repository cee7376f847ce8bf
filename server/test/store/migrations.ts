import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a folder of migrations, each a list of statements, as drizzle-kit would; returns its path. */
export function writeMigrations(parent: string, migrations: string[][]): string {
  const folder = join(parent, 'migrations');
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const entries = migrations.map((statements, idx) => {
    const tag = `000${idx}_test`;
    writeFileSync(join(folder, `${tag}.sql`), statements.join(';--> statement-breakpoint\n'));
    return { idx, version: '6', when: 1000 + idx, tag, breakpoints: true };
  });
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify({ version: '7', dialect: 'sqlite', entries }));
  return folder;
}
