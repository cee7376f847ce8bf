/**
 * Photographs the product for the README, as a new agent meets it: `npm run pictures`. Everything in the pictures
 * is the demo business on a real server and a real Chromium; nothing is staged in the pages themselves.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@converso/extension/domain/decision.ts';
import type { Page } from 'playwright-core';
import { type Chrome, startChrome } from '../support/browser.ts';
import { startBus } from '../support/bus.ts';
import { type Business, businessOf } from '../support/business.ts';
import { findPrograms, type Programs } from '../support/chromium.ts';
import { EXTENSION_FOLDER } from '../support/extension-folder.ts';
import { signInToInbox } from '../support/inbox.ts';
import { startDesktop } from '../support/notification-daemon.ts';
import { type Server, startServer } from '../support/server.ts';
import { waitFor } from '../support/wait-for.ts';
import { signInOnWelcomePage } from '../support/welcome.ts';
import { startScreen } from './screen.ts';
import { IMAGES, keep, takeScreenshot } from './screenshot.ts';
import { sendTraffic, writes } from './traffic.ts';

/** Works in both groups of the demo, so he sees the most. */
const BEN = 'ben@demo.example';
const ANA = 'ana@demo.example';
/** Works in no group, so nothing ever comes. */
const NOA = { id: 'noa', name: 'Noa Levi', email: 'noa@demo.example', role: 'agent' } as const;

/** As wide as it wants to be, as high as Chrome allows. */
const POPUP = { width: 380, maxHeight: 600 };
const PAGE = { width: 1280, height: 800 };

async function openPopup(chrome: Chrome): Promise<Page> {
  const popup = await chrome.open(chrome.page('popup.html'));
  await popup.getByText('Connected', { exact: true }).waitFor();
  return popup;
}

async function picturesOfTheWayIn(chrome: Chrome, server: Server): Promise<void> {
  const welcome = await chrome.open(chrome.page('welcome.html'));
  await welcome.getByLabel('Work email').waitFor();
  await takeScreenshot(welcome, 'welcome', { width: 900 });
  await takeScreenshot(welcome, 'welcome-dark', { width: 900, colours: 'dark' });
  await welcome.close();
  await signInOnWelcomePage(chrome, server, BEN);
  const ready = await chrome.open(chrome.page('welcome.html'));
  await ready.getByRole('button', { name: 'Send a test notification' }).waitFor();
  await takeScreenshot(ready, 'welcome-ready', { width: 900 });
  await ready.close();
}

async function picturesOfThePopup(chrome: Chrome): Promise<void> {
  const popup = await openPopup(chrome);
  await takeScreenshot(popup, 'popup-light', POPUP);
  await takeScreenshot(popup, 'popup-dark', { ...POPUP, colours: 'dark' });
  await popup.getByRole('button', { name: 'settings' }).click();
  await popup.getByRole('switch', { name: 'Enable message notifications' }).waitFor();
  await takeScreenshot(popup, 'popup-settings', { width: POPUP.width });
  await takeScreenshot(popup, 'popup-settings-dark', { width: POPUP.width, colours: 'dark' });
  await popup.close();
}

async function pictureOfAnEmptyPopup(programs: Programs, server: Server, busAddress: string): Promise<void> {
  await server.cli(
    ...['agent', 'add', '--business', 'sol-mar', '--id', NOA.id, '--name', NOA.name],
    ...['--email', NOA.email, '--role', NOA.role],
  );
  const chrome = await startChrome({ executable: programs.chromium, extension: EXTENSION_FOLDER, busAddress });
  await signInOnWelcomePage(chrome, server, NOA.email);
  await takeScreenshot(await openPopup(chrome), 'popup-empty', POPUP);
  await chrome.close();
}

async function picturesOfTheInbox(chrome: Chrome, server: Server): Promise<void> {
  const inbox = await chrome.open(`${server.url}/inbox`);
  await takeScreenshot(inbox, 'inbox-sign-in', PAGE);
  await signInToInbox(inbox, server, BEN);
  await inbox.getByRole('button', { name: 'Team' }).click();
  await inbox.getByRole('link', { name: 'Priya Shah' }).click();
  await inbox.getByText('When do I get my deposit back?').waitFor();
  await takeScreenshot(inbox, 'inbox-light', PAGE);
  await takeScreenshot(inbox, 'inbox-dark', { ...PAGE, colours: 'dark' });
  await takeScreenshot(inbox, 'inbox-narrow', { width: 400, height: 800 });
  await inbox.close();
}

async function pictureOfTheDemo(chrome: Chrome, server: Server): Promise<void> {
  const demo = await chrome.open(`${server.url}/demo`);
  await takeScreenshot(demo, 'demo', { width: 1280, height: 900 });
  await demo.close();
}

async function pictureOfManyChats(chrome: Chrome, business: Business): Promise<void> {
  await sendTraffic(business);
  const popup = await openPopup(chrome);
  await popup.getByText('Is the deposit refundable?').waitFor();
  await takeScreenshot(popup, 'popup-many', POPUP);
  await popup.close();
}

async function pictureWithoutServer(chrome: Chrome, server: Server): Promise<void> {
  const popup = await openPopup(chrome);
  await server.kill();
  await popup.getByText('Not connected', { exact: true }).waitFor({ timeout: 120_000 });
  await takeScreenshot(popup, 'popup-offline', POPUP);
  await popup.close();
  await server.start();
}

/** The email of a slot, as the demo's mailbox has it. */
async function picturesOfTheEmail(chrome: Chrome, server: Server): Promise<void> {
  await server.cli('slot', 'run', '--business', 'sol-mar');
  const folder = join(server.dataDir, 'mail');
  const letter = readdirSync(folder).find((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return text.includes('List-Unsubscribe') && text.includes(BEN);
  });
  if (!letter) throw new Error(`The slot sent no email to ${BEN}.`);
  const email = await chrome.open(`${server.url}/dev/mail/${letter}/html`);
  await takeScreenshot(email, 'email-wide', { width: 720 });
  await takeScreenshot(email, 'email-dark', { width: 720, colours: 'dark' });
  await takeScreenshot(email, 'email-narrow', { width: 390 });
  await email.close();
}

/** Resolves when the extension has decided about a customer's news with this outcome. */
async function decided(chrome: Chrome, customer: string, outcome: Decision['outcome']): Promise<void> {
  const newest = () =>
    chrome.inWorker(async () => (await globalThis.chrome.storage.local.get('decisions')).decisions as Decision[], null);
  await waitFor(`${customer} is ${outcome}`, async () =>
    (await newest())?.some((decision) => decision.customer === customer && decision.outcome === outcome),
  );
}

/** What a person sees who wonders: a message in a pause, the one notification after it, one while looking at the inbox. */
async function pictureOfTheReasons(chrome: Chrome, server: Server, business: Business): Promise<void> {
  const popup = await openPopup(chrome);
  await popup.getByRole('button', { name: 'settings' }).click();
  await popup.getByRole('button', { name: '30 min' }).click();
  await popup
    .getByText(/^Paused until/)
    .first()
    .waitFor();
  await writes(business, ['whatsapp', '+447700900144', 'Ruth Adler', 'Is there a cot in the flat?']);
  await decided(chrome, 'Ruth Adler', 'paused');
  await popup.getByRole('button', { name: 'Resume' }).first().click();
  await popup.close();
  const inbox = await chrome.open(`${server.url}/inbox`);
  await inbox.bringToFront();
  await writes(business, ['telegram', 'kenji', 'Kenji Mori', 'Where do we leave the keys?']);
  await decided(chrome, 'Kenji Mori', 'inbox_focused');
  const why = await chrome.open(chrome.page('why.html'));
  await why.getByText('Kenji Mori').waitFor();
  await takeScreenshot(why, 'why', { width: 760, height: 620 });
  await why.close();
  await inbox.close();
}

/** A profile in which the person has pinned the extension, so that its bell stands in the toolbar. */
function profileWithBell(extensionId: string): string {
  const profile = mkdtempSync(join(tmpdir(), 'converso-profile-'));
  mkdirSync(join(profile, 'Default'));
  const preferences = { extensions: { pinned_extensions: [extensionId] } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  return profile;
}

/** Without a notification daemon Chromium draws its toasts itself, and then they can be photographed. */
async function pictureOfAToast(
  programs: Programs,
  server: Server,
  business: Business,
  extensionId: string,
): Promise<void> {
  const screen = await startScreen(PAGE.width, PAGE.height);
  if (!screen) return console.warn('docs/images/toast.png is SKIPPED: it needs Xvfb and ImageMagick.');
  const bus = await startBus(programs.dbusDaemon);
  const profile = profileWithBell(extensionId);
  const chrome = await startChrome({
    executable: programs.chromium,
    extension: EXTENSION_FOLDER,
    busAddress: bus.address,
    profile,
    headless: false,
    env: { DISPLAY: screen.display },
    args: ['--test-type', '--window-position=0,0', `--window-size=${PAGE.width},${PAGE.height}`],
  });
  await signInOnWelcomePage(chrome, server, ANA);
  const popup = await openPopup(chrome);
  await popup.getByRole('button', { name: 'Mark all as read' }).click();
  await waitFor('the screen is empty', () =>
    chrome.inWorker(async () => Object.keys(await globalThis.chrome.notifications.getAll()).length === 0, null),
  );
  for (const page of chrome.context.pages().slice(1)) await page.close();
  await chrome.context.pages()[0]?.goto(`${server.url}/demo`);
  const conversation = { id: 'whatsapp-447700900111', groupId: 'reservations', channel: 'whatsapp' };
  await business.post('message.received', {
    conversation,
    from: { address: '+447700900111', name: 'Tom Baker' },
    message: { id: 'picture-toast', text: 'We are at the door of Villa Azul and the key safe does not open!' },
  });
  await waitFor('the toast is there', () =>
    chrome.inWorker(
      async (id) => id in (await globalThis.chrome.notifications.getAll()),
      `conversation:${conversation.id}`,
    ),
  );
  // It slides in; two pictures that are alike show that it has arrived.
  let last = screen.takeScreenshot();
  await waitFor('the toast stands still', () => {
    const before = last;
    last = screen.takeScreenshot();
    return last.equals(before);
  });
  keep('toast', last);
  await chrome.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  await bus.close();
  await screen.close();
}

const programs = findPrograms();
if (!programs) throw new Error('The pictures need Chromium and dbus-daemon.');
rmSync(IMAGES, { recursive: true, force: true });
const server = await startServer({ DEMO: '1', PORT: process.env.PORT ?? '8787' });
const desktop = await startDesktop({ dbusDaemon: programs.dbusDaemon });
const chrome = await startChrome({
  executable: programs.chromium,
  extension: EXTENSION_FOLDER,
  busAddress: desktop.busAddress,
});
try {
  const { secret } = await server.cli<{ secret: string }>('business', 'rotate-secret', '--business', 'sol-mar');
  const business = businessOf(server, 'sol-mar', secret);
  await picturesOfTheWayIn(chrome, server);
  await picturesOfThePopup(chrome);
  await pictureOfAnEmptyPopup(programs, server, desktop.busAddress);
  await picturesOfTheInbox(chrome, server);
  await picturesOfTheEmail(chrome, server);
  await pictureOfTheDemo(chrome, server);
  await pictureOfAToast(programs, server, business, chrome.extensionId);
  await pictureOfManyChats(chrome, business);
  await pictureOfTheReasons(chrome, server, business);
  await pictureWithoutServer(chrome, server);
} finally {
  await chrome.close();
  await desktop.close();
  await server.close();
}
