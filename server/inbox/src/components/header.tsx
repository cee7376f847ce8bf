import type { Me } from '@converso/shared';
import { Bell, BellGlyph, bellTextsEn } from '@converso/shared/ui';
import { items, markAllRead, unread } from '../bell.ts';
import { now } from '../now.ts';
import { go, pathOf } from '../route.ts';
import { AccountMenu } from './account-menu.tsx';
import { Popover } from './popover.tsx';

export function Header({ me }: { me: Me }) {
  return (
    <header class="header">
      <a
        class="brand"
        href={pathOf(null)}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          go(null);
        }}
      >
        <span class="brand-mark" aria-hidden="true">
          <BellGlyph size={18} />
        </span>
        <span class="brand-name">Converso</span>
        <bdi class="brand-business">{me.business.name}</bdi>
      </a>
      <BellButton />
      <AccountMenu me={me} />
    </header>
  );
}

function BellButton() {
  const count = unread.value > 99 ? '99+' : String(unread.value);
  return (
    <Popover
      label="Notifications"
      buttonLabel={unread.value > 0 ? `Notifications, ${unread.value} unread` : 'Notifications'}
      buttonClass="icon-button"
      panelClass="panel-bell"
      button={
        <>
          <BellGlyph size={20} />
          {unread.value > 0 && <span class="count-badge">{count}</span>}
        </>
      }
    >
      {(close) => (
        <Bell
          items={items.value}
          unread={unread.value}
          now={now.value}
          texts={bellTextsEn}
          onOpen={(id) => {
            close();
            go(id);
          }}
          onMarkAllRead={markAllRead}
        />
      )}
    </Popover>
  );
}
