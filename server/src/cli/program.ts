import { type Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { describeError } from '../log.ts';
import { agentCommand } from './agent.ts';
import { backupCommand, restoreCommand } from './backup.ts';
import { businessCommand } from './business.ts';
import { topic } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { groupCommand } from './group.ts';
import { CommandFailed } from './output.ts';
import { slotCommand } from './slot.ts';
import { sourceCommand } from './source.ts';

const WRONG_USE = 2;

const program = topic('cli', "the operator's commands; each has its own --help")
  .usage('<command> …')
  .addCommand(businessCommand)
  .addCommand(agentCommand)
  .addCommand(groupCommand)
  .addCommand(slotCommand)
  .addCommand(eventsCommand)
  .addCommand(sourceCommand)
  .addCommand(backupCommand)
  .addCommand(restoreCommand)
  .addCommand(doctorCommand);

/** Commander ends the process by itself, with 1 for wrong use; here it throws instead. */
function throwInstead(parent: Command): void {
  parent.exitOverride().showHelpAfterError('(--help shows how)');
  for (const child of parent.commands) throwInstead(child);
}
throwInstead(program);

/** Says what failed in one line; where it happened matters only to who looks for a mistake of ours. */
function explain(error: unknown): void {
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  console.error(`cli: ${message}`);
  const expected = error instanceof CommandFailed || error instanceof ConfigError;
  if (!expected && process.env.LOG_LEVEL === 'debug') console.error(describeError(error));
}

/**
 * Runs one of the operator's commands.
 * @param args what follows the program's name
 * @returns the exit code: 0 done, 1 failed (for `doctor`, something is wrong), 2 wrong use
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
    explain(error);
    return 1;
  }
}
