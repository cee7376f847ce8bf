import type { Agent, ChooseBusiness } from '@converso/shared';
import { CODE_LENGTH, codeIn } from '@converso/shared/digits';
import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';
import { useNow } from '../../pages/use-now.ts';
import type { SignInDraft } from '../../state.ts';
import { BusinessChoice } from './business-choice.tsx';
import { errorText } from './error-text.ts';
import { Field } from './field.tsx';
import { useAttempt } from './use-attempt.ts';

/** A new code may be asked for this long (seconds) after the last, so that the first has time to arrive. */
const RESEND_AFTER_S = 30;

export interface CodeStepProps {
  draft: SignInDraft;
  onResent(challenge: string | undefined): void;
  onBack(): void;
  onSignedIn(agent: Agent): void;
}

/** The code from the email; and, where the email belongs to several businesses, which of them. */
export function CodeStep({ draft, onResent, onBack, onSignedIn }: CodeStepProps) {
  const { server, email, challenge } = draft;
  const [code, setCode] = useState('');
  const [trouble, setTrouble] = useState<{ text: string; tries: number }>();
  const [businesses, setBusinesses] = useState<ChooseBusiness['businesses']>();
  const [resent, setResent] = useState(false);
  const { busy, attempt } = useAttempt();
  const now = useNow(1_000);
  const wait = Math.ceil(((draft.codeSentAt ?? 0) - now) / 1_000) + RESEND_AFTER_S;
  // `now` may be a second old; a wait that is still longer comes from a clock that was set back.
  const mustWait = wait > 0 && wait <= RESEND_AFTER_S + 1;

  const fail = (text: string) => setTrouble((before) => ({ text, tries: (before?.tries ?? 0) + 1 }));

  const signIn = async (digits: string, businessId?: string) => {
    if (busy) return;
    if (digits.length < CODE_LENGTH) return fail(i18n.t('welcome.error.codeFormat'));
    setTrouble(undefined);
    const answer = await attempt(() =>
      sendMessage('signIn', {
        server,
        email,
        code: digits,
        ...(challenge ? { challenge } : {}),
        ...(businessId ? { businessId } : {}),
      }),
    );
    if (answer.ok) return onSignedIn(answer.agent);
    if (answer.error === 'choose_business') return setBusinesses(answer.businesses);
    setBusinesses(undefined);
    fail(errorText(answer, server));
  };

  const resend = async () => {
    const answer = await attempt(() => sendMessage('requestCode', { server, email }));
    if (!answer.ok) return fail(errorText(answer, server));
    setTrouble(undefined);
    setCode('');
    setResent(true);
    onResent(answer.challenge);
  };

  if (businesses) {
    return (
      <BusinessChoice
        email={email}
        businesses={businesses}
        busy={busy}
        onChoose={(id) => signIn(code, id)}
        onBack={() => setBusinesses(undefined)}
      />
    );
  }

  const submit = (event: Event) => {
    event.preventDefault();
    signIn(code);
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const digits = codeIn(event.clipboardData?.getData('text') ?? '');
    setCode(digits);
    // Whoever pastes six digits means them: one key less to press.
    if (digits.length === CODE_LENGTH) signIn(digits);
  };

  return (
    <form class="form" onSubmit={submit} noValidate>
      <h1>{i18n.t('welcome.codeTitle')}</h1>
      <p class="lead">{i18n.t('welcome.codeText', [email])}</p>
      <Field
        label={i18n.t('welcome.code')}
        first
        input={{
          class: 'code',
          name: 'code',
          inputMode: 'numeric',
          autocomplete: 'one-time-code',
          value: code,
          onInput: (event) => {
            event.currentTarget.value = codeIn(event.currentTarget.value);
            setCode(event.currentTarget.value);
          },
          onPaste: paste,
        }}
        error={trouble?.text}
        tries={trouble?.tries ?? 0}
      />
      <button type="submit" class="button button-primary button-large" disabled={busy}>
        {i18n.t(busy ? 'welcome.signingIn' : 'welcome.signIn')}
      </button>
      <p role="status" class="field-note">
        {resent && i18n.t('welcome.resent')}
      </p>
      <div class="form-asides">
        {mustWait ? (
          <span class="field-note">{i18n.t('welcome.resendIn', wait)}</span>
        ) : (
          <button type="button" class="button button-quiet" onClick={resend} disabled={busy}>
            {i18n.t('welcome.resend')}
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={onBack}>
          {i18n.t('welcome.otherEmail')}
        </button>
      </div>
    </form>
  );
}
