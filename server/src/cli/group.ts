import { Option } from 'commander';
import type { Store } from '../ports/store.ts';
import { action, businessOption, command, knownBusiness, topic, withStore } from './command.ts';
import { CommandFailed, table } from './output.ts';
import { save } from './save.ts';
import * as values from './values.ts';

const idOption = () =>
  new Option('--id <id>', 'the group, by the id that events use').argParser(values.id).makeOptionMandatory();

async function existing(store: Store, business: string, id: string) {
  await knownBusiness(store, business);
  return (await store.groups(business)).find((group) => group.id === id);
}

const add = command('add', 'add a group, or rename one that is there')
  .addOption(businessOption())
  .addOption(idOption())
  .requiredOption('--name <name>', 'what it is called', values.name)
  .action(
    action(async ({ business, id, name }: { business: string; id: string; name: string }) => {
      const group = await withStore(async (store) => {
        const agentIds = (await existing(store, business, id))?.agentIds ?? [];
        await save(store, business, { type: 'group.saved', data: { group: { id, name, agentIds } } });
        return { id, name, agentIds };
      });
      return { json: group, text: `Saved group ${name} (${id}).` };
    }),
  );

const setTeam = command('set-team', "say who is in a group's team; those who are not named leave it")
  .addOption(businessOption())
  .addOption(idOption())
  .addOption(new Option('--agents <ids>', 'agent ids, separated by commas').argParser(values.ids).makeOptionMandatory())
  .action(
    action(async ({ business, id, agents }: { business: string; id: string; agents: string[] }) => {
      const agentIds = [...new Set(agents)];
      const group = await withStore(async (store) => {
        const found = await existing(store, business, id);
        if (!found) throw new CommandFailed(`There is no group ${id} in this business; see \`group list\`.`);
        const active = new Set((await store.agents(business)).filter((agent) => agent.active).map((agent) => agent.id));
        const strangers = agentIds.filter((agentId) => !active.has(agentId));
        // As with events, a team may name somebody who is added later; a slip of the pen should still be seen.
        if (strangers.length > 0) console.error(`cli: no such agents yet: ${strangers.join(', ')}`);
        await save(store, business, { type: 'group.saved', data: { group: { id, name: found.name, agentIds } } });
        return { id, name: found.name, agentIds };
      });
      return { json: group, text: `The team of ${group.name}: ${agentIds.join(', ') || 'nobody'}.` };
    }),
  );

const list = command('list', 'list the groups, their teams and open conversations')
  .addOption(businessOption())
  .action(
    action(async ({ business }: { business: string }) => {
      const groups = await withStore(async (store) => {
        await knownBusiness(store, business);
        return store.groups(business);
      });
      const rows = groups.map(({ id, name, agentIds, openConversations }) => ({
        id,
        name,
        team: agentIds.join(', ') || '-',
        open: String(openConversations),
      }));
      return { json: groups, text: table(rows, 'No groups yet; see `group add --help`.') };
    }),
  );

export const groupCommand = topic('group', 'groups and their teams')
  .addCommand(add)
  .addCommand(setTeam)
  .addCommand(list);
