import type { ChooseBusiness } from '@converso/shared';
import { codeIn } from '@converso/shared/digits';
import { sameNamed } from '@converso/shared/same-named';
import { BellGlyph } from '@converso/shared/ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api.ts';
import { openId } from '../route.ts';
import { requestCode, signIn } from '../session.ts';
import { DemoMail } from './demo-mail.tsx';

type Step =
  | { name: 'email' }
  | { name: 'code'; challenge: string }
  | { name: 'business'; challenge: string; code: string; businesses: ChooseBusiness['businesses'] };

const CODE = /^\d{6}$/;

/** Why it did not go on, in words that help. */
function problemWords(error: unknown): string {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 0) return 'The server does not answer. Check your connection and try again.';
  if (error.status === 422) return 'This does not look like an email address.';
  if (error.status !== 429) return error.message;
  const minutes = Math.ceil((error.retryAfter ?? 60) / 60);
  return `Too many tries. Please wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`;
}

/** Sign-in by a code that comes by email. The address of the page stays, so that what was asked for shows afterwards. */
export function SignIn() {
  const [step, setStep] = useState<Step>({ name: 'email' });
  const [email, setEmail] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const attempt = async (act: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(problemWords(error));
    } finally {
      setBusy(false);
    }
  };
  const sendCode = () =>
    attempt(async () => {
      const challenge = await requestCode(email.trim());
      setStep({ name: 'code', challenge });
    });
  const enter = (challenge: string, code: string, businessId?: string) =>
    attempt(async () => {
      const answer = await signIn({ email: email.trim(), challenge }, code, businessId);
      if (answer.outcome === 'choose') setStep({ name: 'business', challenge, code, businesses: answer.businesses });
      if (answer.outcome === 'wrong_code') {
        setStep({ name: 'code', challenge });
        setProblem('That code is not right, or no longer valid. Codes hold for 5 minutes and 3 tries.');
      }
    });

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <span class="brand-mark brand-mark-large" aria-hidden="true">
          <BellGlyph size={26} />
        </span>
        <h1>Sign in to your inbox</h1>
        {openId.value !== null && step.name === 'email' && <p class="sign-in-note">The chat opens right after.</p>}
        {step.name === 'email' && <EmailForm email={email} busy={busy} onEmail={setEmail} onSend={sendCode} />}
        {step.name === 'code' && (
          <CodeForm
            email={email}
            busy={busy}
            onCode={(code) => enter(step.challenge, code)}
            onAgain={sendCode}
            onBack={() => {
              setProblem(null);
              setStep({ name: 'email' });
            }}
          />
        )}
        {step.name === 'business' && (
          <fieldset class="sign-in-form" aria-label="Choose a business">
            <p class="sign-in-note">Your address belongs to several businesses. Which one?</p>
            {step.businesses.map(({ id, name }) => (
              <button
                key={id}
                type="button"
                class="button"
                disabled={busy}
                onClick={() => enter(step.challenge, step.code, id)}
              >
                <bdi>{name}</bdi>
                {sameNamed(step.businesses).has(id) && <bdi class="sign-in-id">{id}</bdi>}
              </button>
            ))}
          </fieldset>
        )}
        <p class="sign-in-problem" role="alert">
          {problem}
        </p>
      </div>
    </main>
  );
}

interface EmailFormProps {
  email: string;
  busy: boolean;
  onEmail(email: string): void;
  onSend(): void;
}

function EmailForm({ email, busy, onEmail, onSend }: EmailFormProps) {
  return (
    <form
      class="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    >
      <label for="email">Your work email</label>
      <input
        id="email"
        class="field"
        type="email"
        autocomplete="email"
        required
        autofocus
        value={email}
        onInput={(event) => onEmail(event.currentTarget.value)}
      />
      <button type="submit" class="button button-primary" disabled={busy}>
        Send me a code
      </button>
    </form>
  );
}

interface CodeFormProps {
  email: string;
  busy: boolean;
  onCode(code: string): void;
  onAgain(): void;
  onBack(): void;
}

function CodeForm({ email, busy, onCode, onAgain, onBack }: CodeFormProps) {
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const take = (text: string) => {
    // People paste "123 456", "123-456", or the whole line of the email.
    const digits = codeIn(text);
    setCode(digits);
    if (CODE.test(digits) && digits !== code) onCode(digits);
  };
  return (
    <form
      class="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (CODE.test(code)) onCode(code);
      }}
    >
      <p class="sign-in-note">
        If <bdi class="sign-in-email">{email}</bdi> belongs to an agent, a code is on its way there.
      </p>
      <DemoMail />
      <label for="code">The six digits of the email</label>
      <input
        id="code"
        ref={field}
        class="field field-code"
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        required
        value={code}
        onInput={(event) => take(event.currentTarget.value)}
      />
      <button type="submit" class="button button-primary" disabled={busy || !CODE.test(code)}>
        Sign in
      </button>
      <div class="sign-in-more">
        <button
          type="button"
          class="button button-quiet"
          disabled={busy || sent}
          onClick={() => {
            setSent(true);
            setCode('');
            onAgain();
          }}
        >
          {sent ? 'Sent again' : 'Send another code'}
        </button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={onBack}>
          Use another email
        </button>
      </div>
      <p class="visually-hidden" role="status">
        {sent && 'Another code is on its way.'}
      </p>
    </form>
  );
}
