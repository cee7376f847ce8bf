// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conversation, FakeServer } from './fake-server.ts';
import { button, closePage, openPage } from './page.tsx';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.conversations = ['c1', 'c2', 'c3'].map((id) => conversation(id));
});
afterEach(closePage);

const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focused = () => document.activeElement?.getAttribute('href');

describe('the list', () => {
  beforeEach(async () => {
    openPage(server);
    fireEvent.click(await button(/^Team/));
    await screen.findByRole('link', { name: /Customer c1/ });
  });

  test('j begins at the first, goes on, and stays at the last', () => {
    for (const at of ['c1', 'c2', 'c3', 'c3']) {
      press('j');
      expect(focused()).toBe(`/inbox/${at}`);
    }
  });

  test('k and the arrows go both ways', () => {
    for (const [key, at] of [
      ['ArrowDown', 'c1'],
      ['ArrowDown', 'c2'],
      ['k', 'c1'],
      ['ArrowUp', 'c1'],
    ] as const) {
      press(key);
      expect(focused()).toBe(`/inbox/${at}`);
    }
  });

  test('the arrows stay out of the list while another control has the keyboard', async () => {
    (await button(/^Team/)).focus();
    press('ArrowDown');
    expect(focused()).toBeNull();
  });

  test('j is a letter in the reply box', async () => {
    fireEvent.click(await screen.findByRole('link', { name: /Customer c1/ }));
    const box = await screen.findByRole('textbox');
    box.focus();
    press('j');
    expect(document.activeElement).toBe(box);
  });
});

describe('the assign menu', () => {
  beforeEach(async () => {
    openPage(server, '/inbox/c1');
    fireEvent.click(await button(/^Assign/));
  });

  test('has the keyboard as soon as it opens; the arrows go round', () => {
    expect(document.activeElement?.textContent).toBe('Ana Alvarez (you)');
    press('ArrowUp');
    expect(document.activeElement?.textContent).toBe('Hand back to the assistant');
    press('ArrowDown');
    expect(document.activeElement?.textContent).toBe('Ana Alvarez (you)');
  });

  test('Escape closes it and gives the keyboard back to its button', async () => {
    press('Escape');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(await button(/^Assign/));
  });

  test('a click elsewhere closes it', () => {
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
