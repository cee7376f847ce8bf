import { type Chrome, startChrome } from '../../support/browser.ts';
import { ANA, type BusinessFixture, openBusiness } from '../../support/business-fixture.ts';
import { type Desktop, startDesktop } from '../../support/notification-daemon.ts';
import { signInOnWelcomePage } from '../../support/welcome.ts';

/** The programs, and the built extension. */
export interface Workplace {
  executable: string;
  extension: string;
  dbusDaemon: string;
}

export interface Working {
  fixture: BusinessFixture;
  desktop: Desktop;
  chrome: Chrome;
}

/** Ana at a desktop of her own with the extension, signed in at a server of her own; all of it ends with `work`. */
export async function atWork<Result>(
  { executable, extension, dbusDaemon }: Workplace,
  work: (working: Working) => Promise<Result>,
): Promise<Result> {
  const fixture = await openBusiness();
  try {
    const desktop = await startDesktop({ dbusDaemon });
    try {
      const chrome = await startChrome({ executable, extension, busAddress: desktop.busAddress });
      try {
        await signInOnWelcomePage(chrome, fixture.server, ANA.email);
        return await work({ fixture, desktop, chrome });
      } finally {
        await chrome.close();
      }
    } finally {
      await desktop.close();
    }
  } finally {
    await fixture.close();
  }
}
