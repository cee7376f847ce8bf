import { text } from 'node:stream/consumers';
import { CommandFailed } from './output.ts';

/**
 * A secret from the environment variable of that name, or from standard input. Never from the command's arguments,
 * which every user of the machine can see.
 * @throws CommandFailed if there is none
 */
export async function readSecret(what: string, variable: string | undefined): Promise<string> {
  if (variable !== undefined) {
    const value = process.env[variable]?.trim();
    if (!value) throw new CommandFailed(`The environment variable ${variable} is not set.`);
    return value;
  }
  if (process.stdin.isTTY) console.error(`Paste ${what}, then press Enter and Ctrl+D:`);
  const value = (await text(process.stdin)).trim();
  if (value === '') throw new CommandFailed(`${what} is missing: name a variable that holds it, or pipe it in.`);
  return value;
}
