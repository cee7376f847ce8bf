import { randomBytes } from 'node:crypto';
import { Option } from 'commander';
import type { SourceRow } from '../ports/source-store.ts';
import { replaced, seal, unseal, valuesAt } from '../services/sealing.ts';
import type { Synced } from '../services/sync.ts';
import type { Source } from '../sources/source.ts';
import { RETRIES } from '../sources/twilio/source.ts';
import { sources } from './adapters.ts';
import { action, businessOption, command, knownBusiness, topic, withStore } from './command.ts';
import { CommandFailed, type Result } from './output.ts';
import { readSecret } from './secret-input.ts';
import { asCommandFailure, callOf, type Desk, newKey, openDesk, urlOf } from './source-store.ts';
import * as values from './values.ts';

/** The short name that the ids of a source begin with. */
const SOURCE_ID = /^[a-z][a-z0-9-]{0,15}$/;

export const sourceIdOption = () =>
  new Option('--id <id>', 'its short name: 1 to 16 lower-case letters, digits and dashes')
    .argParser((value: string) => {
      if (!SOURCE_ID.test(value)) throw new CommandFailed(`--id must be like cw, not ${value}.`);
      return value;
    })
    .makeOptionMandatory();

interface Wanted {
  businessId: string;
  id: string;
  kind: keyof typeof sources;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

interface Added {
  row: SourceRow;
  url: string;
  /** What the foreign system says of the token. */
  account: string | null;
  /** Secrets that were made here, to be pasted over there. */
  made: Record<string, string>;
  synced: Synced | null;
}

/**
 * Adds a source, or changes the one with that id: checks the token, keeps the secrets, makes the webhook, imports people,
 * groups and open chats.
 * @throws CommandFailed; a new source that cannot be finished is taken out again
 */
async function add({ store, config, syncs }: Desk, wanted: Wanted): Promise<Added> {
  await knownBusiness(store, wanted.businessId);
  const source: Source = sources[wanted.kind];
  const settings = source.settings.safeParse(wanted.settings);
  if (!settings.success) {
    const [issue] = settings.error.issues;
    throw new CommandFailed(`${issue?.path.join('.')} ${issue?.message}`);
  }
  const before = (await store.sources()).find(
    ({ businessId, id }) => businessId === wanted.businessId && id === wanted.id,
  );
  if (before && before.kind !== wanted.kind)
    throw new CommandFailed(`${wanted.id} is a source of kind ${before.kind}.`);
  const now = Date.now();
  const key = before?.key ?? newKey();
  const url = urlOf(config, key);
  let held = before ? unseal(before.secrets, key, config.authSecret) : {};
  const made = Object.fromEntries(
    Object.entries(source.secrets)
      .filter(([name, origin]) => origin === 'made' && held[name] === undefined)
      .map(([name]) => [name, randomBytes(24).toString('base64url')]),
  );
  held = replaced(held, { ...wanted.secrets, ...made }, now);
  const secretsNow = () => valuesAt(held, Object.keys(source.secrets), now);
  const call = source.api && callOf(source, settings.data, secretsNow());
  const account =
    (call && (await asCommandFailure(source.check?.(call, settings.data) ?? Promise.resolve(null)))) ?? null;

  const sealed = () => seal(held, key, config.authSecret);
  const patch = { settings: settings.data, secrets: sealed(), lastFailure: null, lastFailureAt: null };
  if (before) await store.updateSource(key, patch);
  else await store.addSource({ ...wanted, key, settings: settings.data, secrets: sealed(), createdAt: now });
  try {
    if (call && source.register) {
      held = replaced(held, await asCommandFailure(source.register(call, settings.data, url)), now);
      await store.updateSource(key, { secrets: sealed() });
    }
    const row = (await store.source(key))!;
    const synced = source.people ? await asCommandFailure(syncs.run(row)) : null;
    return { row, url, account, made, synced };
  } catch (error) {
    if (!before) await store.removeSource(key);
    throw error;
  }
}

const tick = (text: string): string => `✓ ${text}`;

function resultOf({ row, url, account, made, synced }: Added, next: string[]): Result {
  const counts =
    synced && `${synced.agents} agents, ${synced.groups} groups, ${synced.conversations} open chats imported`;
  const lines = [
    ...(account === null ? [] : [tick(account)]),
    ...(counts === null ? [] : [tick(counts)]),
    ...(synced?.refused
      ? [`✗ nobody was imported: ${synced.refused.because === 'empty' ? 'no agents came' : 'most are gone'}`]
      : []),
    ...next,
  ];
  return { json: { id: row.id, kind: row.kind, url, ...made, ...(synced ?? {}) }, text: lines.join('\n') };
}

const tokenOption = (what: string) =>
  new Option(
    '--token-env <name>',
    `the environment variable that holds ${what}; otherwise it is read from standard input`,
  );

const addCommand = (name: string, description: string) =>
  command(name, description).addOption(businessOption()).addOption(sourceIdOption());

interface Common {
  business: string;
  id: string;
  tokenEnv?: string;
}

const chatwoot = addCommand('chatwoot', 'Chatwoot: makes the webhook, imports people, groups and open chats')
  .requiredOption('--url <url>', 'its address, for example https://desk.example.com')
  .requiredOption('--account <number>', 'the number in the address of its dashboard')
  .addOption(tokenOption('the access token of an administrator’s profile'))
  .addOption(new Option('--groups-by <what>', 'who sees a chat').choices(['inbox', 'team']).default('inbox'))
  .option('--unsigned', 'take requests without a signature: for Chatwoot before 4.11.2')
  .option('--allow-http', 'take an address without TLS: for a Chatwoot in the same network')
  .action(
    action(
      async (
        options: Common & { url: string; account: string; groupsBy: string; unsigned?: boolean; allowHttp?: boolean },
      ) => {
        const token = await readSecret('the access token', options.tokenEnv);
        const { business: businessId, id, url, account, groupsBy, unsigned = false, allowHttp = false } = options;
        const settings = { url, account, groupsBy, unsigned, allowHttp };
        const added = await withStore((store) =>
          add(openDesk(store), { businessId, id, kind: 'chatwoot', settings, secrets: { token } }),
        );
        const held = 'the webhook is made';
        return resultOf(added, [
          tick(held),
          'Waiting for its first event: write a message in any inbox. If nothing comes, see `source test`.',
        ]);
      },
    ),
  );

const twilio = addCommand('twilio', 'Twilio: SMS, WhatsApp, Messenger and RCS numbers')
  .requiredOption('--group <id>', 'the group that answers', values.id)
  .requiredOption('--account <sid>', 'the account or subaccount, AC…')
  .addOption(tokenOption('the account’s auth token'))
  .action(
    action(async (options: Common & { group: string; account: string }) => {
      const token = await readSecret('the auth token', options.tokenEnv);
      const { business: businessId, id, group, account } = options;
      const settings = { account, groupId: group };
      const added = await withStore((store) =>
        add(openDesk(store), { businessId, id, kind: 'twilio', settings, secrets: { token } }),
      );
      return resultOf(added, [
        'Paste at Twilio, where a message comes in (Phone numbers, or the WhatsApp sender):',
        `  ${added.url}${RETRIES}`,
      ]);
    }),
  );

const NUMBER = /^(\d{1,32})=(.+)$/;

const meta = addCommand('meta', 'WhatsApp Cloud: numbers of one Meta app')
  .requiredOption(
    '--number <id=group>',
    'a number’s id at Meta and the group that answers; again for each number',
    (value: string, before: { id: string; groupId: string }[] = []) => {
      const [, id, groupId] = NUMBER.exec(value) ?? [];
      if (id === undefined || groupId === undefined)
        throw new CommandFailed('--number must be like 1055512345=support.');
      return [...before, { id, groupId }];
    },
  )
  .requiredOption('--business-account <id>', 'the WhatsApp Business Account')
  .requiredOption('--app-secret-env <name>', 'the environment variable that holds the secret of the app')
  .addOption(tokenOption('the system user’s token'))
  .action(
    action(
      async (
        options: Common & { number: { id: string; groupId: string }[]; businessAccount: string; appSecretEnv: string },
      ) => {
        const app = await readSecret('the app’s secret', options.appSecretEnv);
        const token = await readSecret('the system user’s token', options.tokenEnv);
        const { business: businessId, id, number: numbers, businessAccount } = options;
        const settings = { numbers, businessAccount };
        const added = await withStore((store) =>
          add(openDesk(store), { businessId, id, kind: 'meta', settings, secrets: { app, token } }),
        );
        return resultOf(added, [
          'Paste at Meta, in the app under WhatsApp → Configuration:',
          `  Callback URL   ${added.url}`,
          ...(added.made.verify === undefined ? [] : [`  Verify token   ${added.made.verify}`]),
          'Then subscribe to messages, smb_message_echoes, standby, messaging_handovers and user_id_update.',
        ]);
      },
    ),
  );

export const addSourceCommand = topic('add', 'plug in a system; the same --id again changes it')
  .addCommand(chatwoot)
  .addCommand(twilio)
  .addCommand(meta);
