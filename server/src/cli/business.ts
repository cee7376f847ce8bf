import { randomBytes } from 'node:crypto';
import { action, businessOption, command, topic, withStore } from './command.ts';
import { CommandFailed, moment, table } from './output.ts';
import * as values from './values.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A signing secret in the form of Standard Webhooks. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const add = command('add', 'add a business; prints its id and the secret that signs its events')
  .requiredOption('--name <name>', 'what it is called', values.name)
  .requiredOption('--time-zone <zone>', 'where it works, for example Europe/Berlin', values.timeZone)
  .option('--id <id>', 'its id (made if left out); adding the same id again changes nothing', values.id)
  .action(
    action(async (options: { name: string; timeZone: string; id?: string }) => {
      const { name, timeZone, id } = options;
      const wanted = { name, timeZone, secret: newSecret(), now: Date.now(), ...(id === undefined ? {} : { id }) };
      const added = await withStore((store) => store.addBusiness(wanted));
      const json = { id: added.id, secret: added.secret };
      return { json, text: `id:     ${added.id}\nsecret: ${added.secret}` };
    }),
  );

const list = command('list', 'list all businesses').action(
  action(async () => {
    const businesses = await withStore((store) => store.businesses());
    const rows = businesses.map(({ id, name, timeZone, createdAt }) => ({
      id,
      name,
      'time zone': timeZone,
      added: moment(createdAt),
    }));
    const json = businesses.map((business) => ({ ...business, createdAt: new Date(business.createdAt).toISOString() }));
    return { json, text: table(rows, 'There is no business yet; see `business add --help`.') };
  }),
);

const rotate = command('rotate-secret', 'make a new signing secret; the old one holds for 24 hours more')
  .addOption(businessOption())
  .option('--now', 'end the old secret at once, as after a theft: events signed with it are refused from now on')
  .action(
    action(async ({ business, now }: { business: string; now?: true }) => {
      const secret = newSecret();
      const oldUntil = now ? null : Date.now() + DAY_MS;
      const known = await withStore((store) => store.rotateSecret(business, secret, oldUntil));
      if (!known) throw new CommandFailed(`There is no business ${business}; see \`business list\`.`);
      const old =
        oldUntil === null ? 'The old secret no longer holds.' : `The old secret holds until ${moment(oldUntil)}.`;
      return {
        json: { id: business, secret, oldSecretUntil: oldUntil === null ? null : new Date(oldUntil).toISOString() },
        text: `secret: ${secret}\n${old}`,
      };
    }),
  );

const setTimeZone = command('set-time-zone', 'change where a business works; its next emails go out by the new clock')
  .addOption(businessOption())
  .requiredOption('--time-zone <zone>', 'for example Europe/Berlin', values.timeZone)
  .action(
    action(async ({ business, timeZone }: { business: string; timeZone: string }) => {
      const known = await withStore((store) => store.setTimeZone(business, timeZone));
      if (!known) throw new CommandFailed(`There is no business ${business}; see \`business list\`.`);
      return { json: { id: business, timeZone }, text: `${business} works in ${timeZone} now.` };
    }),
  );

export const businessCommand = topic('business', 'businesses and their signing secrets')
  .addCommand(add)
  .addCommand(list)
  .addCommand(rotate)
  .addCommand(setTimeZone);
