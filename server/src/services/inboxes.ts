import type { Me, SourceInbox } from '@converso/shared';
import type { PluggedSource, StoredMe } from '../ports/store.ts';
import type { Sources } from './plugged.ts';

/**
 * The inboxes of the sources that have one of their own. This server neither assigns nor answers the chats in them. Settings
 * that another version stored, and kinds that this one does not have, name no inbox: their chats open in the default one.
 */
export const inboxesOf = (sources: Sources, plugged: readonly PluggedSource[]): SourceInbox[] =>
  plugged.flatMap(({ id, kind, settings }) => {
    const source = sources[kind];
    const known = source?.settings.safeParse(settings);
    const inbox = known?.success ? source?.inbox?.(known.data) : undefined;
    return inbox === undefined ? [] : [{ source: id, ...inbox, canTake: false, canReply: false }];
  });

/** Who is signed in, with where their conversations open: configuration, and the sources of their business. */
export const completeMe = ({ sources: plugged, ...me }: StoredMe, inbox: Me['inbox'], sources: Sources): Me => ({
  ...me,
  inbox,
  inboxes: inboxesOf(sources, plugged),
});
