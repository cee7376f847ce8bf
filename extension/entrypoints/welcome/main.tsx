import '@converso/shared/ui/tokens.css';
import '@converso/shared/ui/controls.css';
import './welcome.css';
import { render } from 'preact';
import { i18n } from '#i18n';
import { readStored } from '../../pages/stored.ts';
import { signInDraft } from '../../state.ts';
import { readPolicy } from './policy.ts';
import { Welcome } from './welcome.tsx';

const root = document.getElementById('welcome');
if (!root) throw new Error('welcome.html has no element with the id "welcome"');
document.title = i18n.t('welcome.title');
const [first, draft, policy] = await Promise.all([readStored(), signInDraft.getValue(), readPolicy()]);
render(<Welcome first={first} draft={draft} policy={policy} />, root);
