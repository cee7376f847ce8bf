import type { ConversationDetail, Me } from '@converso/shared';
import { assignTo, busy, close, giveBack, handBack, noReplyNeeded, reopen, take } from '../commands.ts';
import { Glyph } from './glyph.tsx';
import { Popover } from './popover.tsx';

/** What an agent can do with the chat, the likeliest first. */
export function Actions({ conversation, me }: { conversation: ConversationDetail; me: Me }) {
  const { id, status, assignee, waitingSince } = conversation;
  const waits = busy.value.has(id);
  const open = status === 'open';
  return (
    <fieldset class="actions" aria-label="Actions">
      {open && assignee?.kind !== 'agent' && (
        <button type="button" class="button button-primary" disabled={waits} onClick={() => take(id)}>
          Take
        </button>
      )}
      {open && <AssignMenu conversation={conversation} me={me} disabled={waits} />}
      {open && waitingSince && (
        <button type="button" class="button" disabled={waits} onClick={() => noReplyNeeded(id)}>
          No reply needed
        </button>
      )}
      {open ? (
        <button type="button" class="button" disabled={waits} onClick={() => close(id)}>
          Close
        </button>
      ) : (
        <button type="button" class="button" disabled={waits} onClick={() => reopen(id)}>
          Reopen
        </button>
      )}
    </fieldset>
  );
}

/** To a colleague, to the assistant, or back to the team. */
function AssignMenu({ conversation, me, disabled }: { conversation: ConversationDetail; me: Me; disabled: boolean }) {
  const { id, assignee, team } = conversation;
  const holder = assignee?.kind === 'agent' ? assignee.id : null;
  return (
    <Popover
      menu
      label="Assign to"
      buttonClass="button"
      panelClass="panel-menu"
      disabled={disabled}
      button={
        <>
          Assign… <Glyph name="chevron" size={12} />
        </>
      }
    >
      {(closeMenu) => {
        const item = (key: string, words: string, act: () => void, current = false) => (
          <button
            key={key}
            type="button"
            role="menuitem"
            tabIndex={-1}
            class="menu-item"
            aria-current={current ? 'true' : undefined}
            onClick={() => {
              closeMenu();
              if (!current) act();
            }}
          >
            <bdi>{words}</bdi>
            {current && <Glyph name="check" />}
          </button>
        );
        return (
          <>
            <div class="menu-scroll">
              {team.map((agent) =>
                item(
                  agent.id,
                  agent.id === me.agent.id ? `${agent.name} (you)` : agent.name,
                  () => assignTo(id, agent.id),
                  agent.id === holder,
                ),
              )}
            </div>
            <hr class="menu-line" />
            {assignee?.kind !== 'assistant' && item(':assistant', 'Hand back to the assistant', () => handBack(id))}
            {assignee !== null && item(':nobody', 'Give back to the team', () => giveBack(id))}
          </>
        );
      }}
    </Popover>
  );
}
