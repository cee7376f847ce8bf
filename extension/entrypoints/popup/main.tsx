import '@converso/shared/ui/tokens.css';
import '@converso/shared/ui/controls.css';
import '@converso/shared/ui/bell.css';
import './popup.css';
import { render } from 'preact';
import { readStored } from '../../pages/stored.ts';
import { Popup } from './popup.tsx';

const root = document.getElementById('popup');
if (!root) throw new Error('popup.html has no element with the id "popup"');
render(<Popup first={await readStored()} />, root);
