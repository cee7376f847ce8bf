import { BellGlyph } from '@converso/shared/ui';
import { useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { type Stored, useStored } from '../../pages/stored.ts';
import { type ManagedSettings, type SignInDraft, signInDraft } from '../../state.ts';
import { CodeStep } from './code-step.tsx';
import { EmailStep } from './email-step.tsx';
import { ReadyStep } from './ready-step.tsx';

/** A code is worth asking for this long (milliseconds) after it was sent; then the page begins again with the email. */
const CODE_LIFE_MS = 5 * 60_000;

const STEPS = ['welcome.stepEmail', 'welcome.stepCode', 'welcome.stepReady'] as const;

export interface WelcomeProps {
  first: Stored;
  draft: SignInDraft | null;
  policy: ManagedSettings;
}

/**
 * The page after the installation, and the one for signing in again. It can be closed at any step: the draft
 * is stored, and the page goes on where it was.
 */
export function Welcome({ first, draft: firstDraft, policy }: WelcomeProps) {
  const { account, bell, health, inboxRefusal } = useStored(first);
  const [draft, setDraft] = useState(firstDraft);
  const [agentName, setAgentName] = useState<string>();

  const keep = (next: SignInDraft | null) => {
    setDraft(next);
    return signInDraft.setValue(next);
  };
  const codeSent = draft?.codeSentAt != null && Date.now() - draft.codeSentAt < CODE_LIFE_MS;
  const step = account ? 2 : draft && codeSent ? 1 : 0;

  return (
    <div class="welcome">
      <header class="welcome-head">
        <span class="welcome-mark">
          <BellGlyph size={22} />
        </span>
        {i18n.t('extension.name')}
      </header>
      <ol class="steps">
        {STEPS.map((name, at) => (
          <li key={name} class="step" data-done={at < step} aria-current={at === step ? 'step' : undefined}>
            {i18n.t(name)}
          </li>
        ))}
      </ol>
      <main class={step === 2 ? 'ready' : 'card'}>
        {step === 2 ? (
          <ReadyStep
            name={bell.me?.agent.name ?? agentName}
            inboxUrl={bell.me?.inbox.url}
            inboxRefusal={inboxRefusal}
            health={health}
            onSignedOut={() => setAgentName(undefined)}
          />
        ) : step === 1 && draft ? (
          <CodeStep
            draft={draft}
            onResent={(challenge) => keep({ ...draft, codeSentAt: Date.now(), challenge })}
            onBack={() => keep({ ...draft, codeSentAt: null })}
            onSignedIn={async (agent) => {
              setAgentName(agent.name);
              await keep(null);
            }}
          />
        ) : (
          <EmailStep
            draft={draft}
            policy={policy}
            onSent={(server, email, challenge) => keep({ server, email, codeSentAt: Date.now(), challenge })}
          />
        )}
      </main>
    </div>
  );
}
