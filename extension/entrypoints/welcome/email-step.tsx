import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { serverOrigin, serverRefusal } from '../../domain/server-address.ts';
import { sendMessage } from '../../messages.ts';
import type { ManagedSettings, SignInDraft } from '../../state.ts';
import { askToAllow } from './allow-origin.ts';
import { errorText } from './error-text.ts';
import { Field } from './field.tsx';
import { useAttempt } from './use-attempt.ts';

/** The server of this build, the only host granted without asking. */
declare const __SERVER_URL__: string;

export interface EmailStepProps {
  draft: SignInDraft | null;
  policy: ManagedSettings;
  onSent(server: string, email: string, challenge: string | undefined): void;
}

type Trouble = { field: 'email' | 'server'; text: string; tries: number };

/** Where and who: the server is known to nearly everyone, so it hides until it is needed. */
export function EmailStep({ draft, policy, onSent }: EmailStepProps) {
  const locked = policy.lockServer === true && policy.server !== undefined;
  const offered = policy.server ?? __SERVER_URL__;
  const [server, setServer] = useState(locked ? offered : (draft?.server ?? offered));
  const [email, setEmail] = useState(draft?.email ?? '');
  const [trouble, setTrouble] = useState<Trouble>();
  const [serverShown, showServer] = useState(server !== offered);
  const { busy, attempt } = useAttempt();

  const fail = (field: Trouble['field'], text: string) => {
    if (field === 'server') showServer(true);
    setTrouble((before) => ({ field, text, tries: (before?.tries ?? 0) + 1 }));
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    const address = email.trim();
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(address)) return fail('email', i18n.t('welcome.error.email'));
    const origin = serverOrigin(server);
    if (!origin) return fail('server', i18n.t('welcome.error.server'));
    const refusal = serverRefusal(policy, origin);
    if (refusal === 'locked') return fail('server', i18n.t('welcome.error.serverNotAllowed', [policy.server ?? '']));
    if (refusal === 'plain_http') return fail('server', i18n.t('extension.plainHttp'));
    // The question must be asked inside the click, so it comes before anything else is awaited.
    if (origin !== __SERVER_URL__ && !(await askToAllow(origin))) {
      return fail('server', i18n.t('welcome.error.permission', [new URL(origin).host]));
    }
    setTrouble(undefined);
    const answer = await attempt(() => sendMessage('requestCode', { server: origin, email: address }));
    if (answer.ok) return onSent(origin, address, answer.challenge);
    fail(answer.error === 'unreachable' && !locked ? 'server' : 'email', errorText(answer, origin));
  };

  const errorOf = (field: Trouble['field']) =>
    trouble?.field === field ? { error: trouble.text, tries: trouble.tries } : {};

  return (
    <form class="form" onSubmit={submit} noValidate>
      <h1>{i18n.t('welcome.emailTitle')}</h1>
      <p class="lead">{i18n.t('welcome.emailText')}</p>
      <Field
        label={i18n.t('welcome.email')}
        first
        input={{
          type: 'email',
          name: 'email',
          autocomplete: 'email',
          placeholder: i18n.t('welcome.emailPlaceholder'),
          value: email,
          onInput: (event) => setEmail(event.currentTarget.value),
        }}
        {...errorOf('email')}
      />
      {locked ? (
        <p class="field-note">{i18n.t('welcome.serverLocked', [new URL(serverOrigin(offered) ?? offered).host])}</p>
      ) : (
        serverShown && (
          <Field
            label={i18n.t('welcome.server')}
            note={i18n.t('welcome.serverNote')}
            first={!trouble && server === offered}
            input={{
              type: 'url',
              name: 'server',
              spellcheck: false,
              value: server,
              onInput: (event) => setServer(event.currentTarget.value),
            }}
            {...errorOf('server')}
          />
        )
      )}
      <button type="submit" class="button button-primary button-large" disabled={busy}>
        {i18n.t(busy ? 'welcome.sendingCode' : 'welcome.sendCode')}
      </button>
      {!locked && !serverShown && (
        <button type="button" class="button button-quiet form-aside" onClick={() => showServer(true)}>
          {i18n.t('welcome.otherServer')}
        </button>
      )}
    </form>
  );
}
