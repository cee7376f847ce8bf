import type { Role } from '@converso/shared';
import { Option } from 'commander';
import type { AgentRow } from '../ports/store.ts';
import { action, businessOption, command, knownBusiness, topic, withStore } from './command.ts';
import { CommandFailed, moment, table } from './output.ts';
import { save } from './save.ts';
import * as values from './values.ts';

const idOption = () =>
  new Option('--id <id>', 'the agent, by the id that events use').argParser(values.id).makeOptionMandatory();
const roleOption = () =>
  new Option('--role <role>', 'agent or admin').choices(['agent', 'admin']).makeOptionMandatory();
const unknown = (id: string) => new CommandFailed(`There is no agent ${id} in this business; see \`agent list\`.`);

interface AgentOptions {
  business: string;
  id: string;
}

const add = command('add', 'add an agent, or change one that is there')
  .addOption(businessOption())
  .addOption(idOption())
  .requiredOption('--name <name>', 'as customers and colleagues know them', values.name)
  .requiredOption('--email <email>', 'where sign-in codes go', values.email)
  .addOption(roleOption())
  .action(
    action(async ({ business, id, name, email, role }: AgentOptions & { name: string; email: string; role: Role }) => {
      const agent = { id, name, email, role };
      await withStore(async (store) => {
        await knownBusiness(store, business);
        await save(store, business, { type: 'agent.saved', data: { agent } });
      });
      return { json: agent, text: `Saved ${role} ${name} (${id}).` };
    }),
  );

const rowOf = (agent: AgentRow) => ({
  id: agent.id,
  name: agent.name,
  email: agent.email,
  role: agent.role,
  active: agent.active ? 'yes' : 'removed',
  groups: agent.groups.join(', ') || '-',
  'last connected': moment(agent.lastConnectedAt),
  notifications: agent.preferences.messageNotifications ? 'on' : 'off',
  'mail suppressed': agent.mailSuppressed ?? '-',
});

const list = command('list', 'list the agents: groups, last connection, switch, mail suppression')
  .addOption(businessOption())
  .action(
    action(async ({ business }: { business: string }) => {
      const agents = await withStore(async (store) => {
        await knownBusiness(store, business);
        return store.agents(business);
      });
      const json = agents.map(({ lastConnectedAt, ...agent }) => ({
        ...agent,
        lastConnectedAt: lastConnectedAt === null ? null : new Date(lastConnectedAt).toISOString(),
      }));
      return { json, text: table(agents.map(rowOf), 'No agents yet; see `agent add --help`.') };
    }),
  );

const remove = command('remove', 'remove an agent: ends their sessions and unassigns their chats')
  .addOption(businessOption())
  .addOption(idOption())
  .action(
    action(async ({ business, id }: AgentOptions) => {
      await withStore(async (store) => {
        await knownBusiness(store, business);
        if (!(await store.agents(business)).some((agent) => agent.id === id)) throw unknown(id);
        await save(store, business, { type: 'agent.removed', data: { id } });
      });
      return { json: { id, removed: true }, text: `Removed ${id}.` };
    }),
  );

const signOut = command('sign-out', 'end all sessions of an agent')
  .addOption(businessOption())
  .addOption(idOption())
  .action(
    action(async ({ business, id }: AgentOptions) => {
      const { found, ended } = await withStore(async (store) => {
        await knownBusiness(store, business);
        return store.signOut(business, id);
      });
      if (!found) throw unknown(id);
      return { json: { id, ended }, text: `Ended ${ended} ${ended === 1 ? 'session' : 'sessions'} of ${id}.` };
    }),
  );

const allowMail = command('allow-mail', 'let emails go again to an address that bounced or complained')
  .addOption(businessOption())
  .addOption(idOption())
  .action(
    action(async ({ business, id }: AgentOptions) => {
      const known = await withStore((store) => store.allowMail(business, id));
      if (!known) throw unknown(id);
      return { json: { id }, text: `Emails go to ${id} again.` };
    }),
  );

export const agentCommand = topic('agent', 'agents and their sessions')
  .addCommand(add)
  .addCommand(list)
  .addCommand(remove)
  .addCommand(signOut)
  .addCommand(allowMail);
