/** Opens the whole page against a faked server, at an address. */
import { cleanup, render, screen } from '@testing-library/preact';
import { App } from '../src/components/app.tsx';
import { startInbox } from '../src/inbox.ts';
import { becomeSignedOut, session } from '../src/session.ts';
import type { FakeServer } from './fake-server.ts';

class Observer {
  observe(): void {}
  disconnect(): void {}
}

let stop: (() => void) | undefined;

export function openPage(server: FakeServer, path = '/inbox'): void {
  server.install();
  // The DOM of the tests lays nothing out, so there is nothing to observe.
  Object.assign(globalThis, { IntersectionObserver: Observer, ResizeObserver: Observer });
  Element.prototype.scrollIntoView = () => {};
  history.replaceState(null, '', path);
  session.value = { state: 'starting' };
  stop = startInbox();
  render(<App />);
}

/** Leaves the page and forgets whoever was signed in, as signing out does. */
export function closePage(): void {
  becomeSignedOut();
  stop?.();
  cleanup();
  localStorage.clear();
}

export const button = (name: string | RegExp) => screen.findByRole('button', { name });
