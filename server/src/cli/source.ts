import type { SourceRow } from '../ports/source-store.ts';
import { replaced, seal, unseal } from '../services/sealing.ts';
import { action, businessOption, command, topic, withStore } from './command.ts';
import { moment, type Result, table } from './output.ts';
import { readSecret } from './secret-input.ts';
import { addSourceCommand, sourceIdOption } from './source-add.ts';
import { failureOf, stateOf } from './source-state.ts';
import { asCommandFailure, callOf, existingSource, openDesk, pluggedOf, urlOf } from './source-store.ts';

interface Named {
  business: string;
  id: string;
}

const about = (name: string, description: string) =>
  command(name, description).addOption(businessOption()).addOption(sourceIdOption());

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const describe = (row: SourceRow) => ({
  business: row.businessId,
  id: row.id,
  kind: row.kind,
  state: stateOf(row),
  lastReceivedAt: iso(row.lastReceivedAt),
  syncedAt: iso(row.syncedAt),
  failure: failureOf(row),
});

const list = command('list', 'list the systems that are plugged in, and what is wrong with them').action(
  action(async () => {
    const rows = await withStore((store) => store.sources());
    const columns = rows.map((row) => ({
      ...{ business: row.businessId, id: row.id, kind: row.kind, state: stateOf(row) },
      'last event': moment(row.lastReceivedAt),
      'last sync': moment(row.syncedAt),
      failure: failureOf(row) ?? '-',
    }));
    return { json: rows.map(describe), text: table(columns, 'No system is plugged in; see `source add --help`.') };
  }),
);

const test = about('test', 'check the token, and say what was wrong with the last request').action(
  action(
    async ({ business, id }: Named): Promise<Result> =>
      withStore(async (store) => {
        const desk = openDesk(store);
        const row = await existingSource(store, business, id);
        const { source, settings, secrets } = pluggedOf(desk, row);
        const account = source.check
          ? await asCommandFailure(source.check(callOf(source, settings, secrets), settings))
          : 'there is nothing to check';
        const failure = failureOf(row);
        const lines = [
          `✓ ${account}`,
          row.lastReceivedAt === null
            ? '· nothing has come yet'
            : `✓ the last event came at ${moment(row.lastReceivedAt)}`,
          ...(failure === null ? [] : [`✗ ${failure}`]),
          `· it is expected at ${urlOf(desk.config, row.key)}`,
        ];
        const result = { json: { account, ...describe(row) }, text: lines.join('\n') };
        return failure === null ? result : { ...result, failed: 'Something is wrong with this source.' };
      }),
  ),
);

const sync = about('sync', 'fetch people and what was missed now')
  .option('--yes', 'also if more than half of the agents or groups are gone')
  .action(
    action(
      async ({ business, id, yes = false }: Named & { yes?: boolean }): Promise<Result> =>
        withStore(async (store) => {
          const { syncs } = openDesk(store);
          const row = await existingSource(store, business, id);
          const synced = await asCommandFailure(syncs.run(row, { mayRemoveMost: yes }));
          const { agents, groups, conversations, refused } = synced;
          const text = `${agents} agents, ${groups} groups, ${conversations} chats that changed.`;
          if (refused === null) return { json: synced, text };
          const failed =
            refused.because === 'empty'
              ? 'No agents came, so nobody was changed.'
              : 'More than half of the agents or groups are gone, so nobody was changed; --yes removes them.';
          return { json: synced, text, failed };
        }),
    ),
  );

const rotate = about('rotate', 'give it a new token; what is signed with the former secrets is taken for a day more')
  .option('--token-env <name>', 'the environment variable that holds it; otherwise it is read from standard input')
  .action(
    action(async ({ business, id, tokenEnv }: Named & { tokenEnv?: string }): Promise<Result> => {
      const token = await readSecret('the new token', tokenEnv);
      return withStore(async (store) => {
        const desk = openDesk(store);
        const row = await existingSource(store, business, id);
        const { source, settings, secrets } = pluggedOf(desk, row);
        const call = callOf(source, settings, { ...secrets, token: [token] });
        const account = source.check ? await asCommandFailure(source.check(call, settings)) : 'the token is kept';
        const { authSecret } = desk.config;
        const held = replaced(unseal(row.secrets, row.key, authSecret), { token }, Date.now());
        await store.updateSource(row.key, { secrets: seal(held, row.key, authSecret) });
        return { json: { id, account }, text: `✓ ${account}` };
      });
    }),
  );

const pause = about('pause', 'take its requests and leave them aside; what was missed is fetched afterwards')
  .option('--off', 'go on')
  .action(
    action(async ({ business, id, off = false }: Named & { off?: boolean }): Promise<Result> => {
      await withStore(async (store) => {
        const { key } = await existingSource(store, business, id);
        await store.updateSource(key, { paused: !off });
      });
      return { json: { id, paused: !off }, text: off ? `${id} goes on.` : `${id} is paused; \`--off\` goes on.` };
    }),
  );

const remove = about('remove', 'unplug it; its agents, groups and chats stay').action(
  action(async ({ business, id }: Named): Promise<Result> => {
    await withStore(async (store) => {
      const { key } = await existingSource(store, business, id);
      await store.removeSource(key);
    });
    return { json: { id }, text: `${id} is unplugged. Its webhook over there can be deleted.` };
  }),
);

export const sourceCommand = topic('source', 'systems that are plugged in: Chatwoot, Twilio, WhatsApp Cloud')
  .addCommand(addSourceCommand)
  .addCommand(list)
  .addCommand(test)
  .addCommand(sync)
  .addCommand(rotate)
  .addCommand(pause)
  .addCommand(remove);
