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

const WRONG_USE = 2;

const program = topic('converso', "the operator's commands; each has its own --help")
  .usage('<command> …')
  .addCommand(businessCommand)
  .addCommand(agentCommand)
  .addCommand(groupCommand)
  .addCommand(eventsCommand)
  .addCommand(backupCommand)
  .addCommand(restoreCommand)
  .addCommand(doctorCommand);

/** Commander ends the process by itself, with 1 for wrong use; here it throws instead. */
function throwInstead(parent: Command): void {
  parent.exitOverride().showHelpAfterError('(--help shows how)');
  for (const child of parent.commands) throwInstead(child);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USE;
  const known = error instanceof CommandFailed || error instanceof ConfigError;
  const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
  console.error(`converso: ${message}`);
  if (!known && process.env.LOG_LEVEL === 'debug') console.error(describeError(error));
  return 1;
}

throwInstead(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
