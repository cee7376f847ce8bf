import '@converso/shared/ui/tokens.css';
import '@converso/shared/ui/controls.css';
import './why.css';
import { render } from 'preact';
import { i18n } from '#i18n';
import { account, decisionLog } from '../../state.ts';
import { Why } from './why.tsx';

const root = document.getElementById('why');
if (!root) throw new Error('why.html has no element with the id "why"');
document.title = i18n.t('why.title');

/** Draws what is stored; the worker stores, this page only looks. */
async function draw(): Promise<void> {
  const [made, signedIn] = await Promise.all([decisionLog.getValue(), account.getValue()]);
  render(<Why decisions={made} signedIn={signedIn !== null} now={Date.now()} />, root as HTMLElement);
}

decisionLog.watch(draw);
account.watch(draw);
await draw();
