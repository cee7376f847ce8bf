import { useLayoutEffect, useRef } from 'preact/hooks';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';
import type { InboxRefusal, ToastHealth } from '../../state.ts';
import { InboxPermission } from './inbox-permission.tsx';
import { PinHint } from './pin-hint.tsx';
import { TestCard } from './test-card.tsx';

export interface ReadyStepProps {
  /** Undefined until the server has told it. */
  name: string | undefined;
  inboxUrl: string | undefined;
  inboxRefusal: InboxRefusal | null;
  health: ToastHealth;
  onSignedOut(): void;
}

/** Signed in: prove that notifications show, then the two things only the agent can grant. */
export function ReadyStep({ name, inboxUrl, inboxRefusal, health, onSignedOut }: ReadyStepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const firstName = name?.split(' ')[0];
  const signOut = async () => {
    await sendMessage('signOut', undefined);
    onSignedOut();
  };
  return (
    <>
      <div class="ready-head">
        <h1 ref={heading} tabIndex={-1}>
          {firstName ? i18n.t('welcome.doneTitle', [firstName]) : i18n.t('welcome.doneTitleNoName')}
        </h1>
        <p class="lead">{i18n.t('welcome.doneText')}</p>
      </div>
      <TestCard health={health} />
      {inboxUrl && <InboxPermission inboxUrl={inboxUrl} refusal={inboxRefusal} />}
      <PinHint />
      <div class="form-asides">
        {inboxRefusal === null && (
          <button type="button" class="button" onClick={() => sendMessage('openInbox', undefined)}>
            {i18n.t('welcome.openInbox')}
          </button>
        )}
        <span class="field-note">{i18n.t('welcome.closeHint')}</span>
        <button type="button" class="button button-quiet" onClick={signOut}>
          {i18n.t('welcome.notYou')}
        </button>
      </div>
    </>
  );
}
