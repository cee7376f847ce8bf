import { render } from 'preact';
import '@converso/shared/ui/tokens.css';
import '@converso/shared/ui/controls.css';
import '@converso/shared/ui/bell.css';
import './styles/page.css';
import './styles/header.css';
import './styles/list.css';
import './styles/thread.css';
import './styles/messages.css';
import './styles/composer.css';
import './styles/sign-in.css';
import { App } from './components/app.tsx';
import { startInbox } from './inbox.ts';

startInbox();
render(<App />, document.getElementById('app')!);
