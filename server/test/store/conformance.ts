/** What every store must do, whatever it is made of. An adapter's test calls `storeConformance` with a way to make one. */
import { describe } from 'vitest';
import { assignmentConformance } from './conformance/assignment.ts';
import { commandConformance } from './conformance/commands.ts';
import { contactsConformance } from './conformance/contacts.ts';
import { devicesConformance } from './conformance/devices.ts';
import { digestsConformance } from './conformance/digests.ts';
import { inboxConformance } from './conformance/inbox.ts';
import { ingestConformance } from './conformance/ingest.ts';
import { isolationConformance } from './conformance/isolation.ts';
import type { Make } from './conformance/make.ts';
import { membershipConformance } from './conformance/membership.ts';
import { operateConformance } from './conformance/operate.ts';
import { orderConformance } from './conformance/order.ts';
import { readingConformance } from './conformance/reading.ts';
import { removalConformance } from './conformance/removal.ts';
import { retentionConformance } from './conformance/retention.ts';
import { sessionsConformance } from './conformance/sessions.ts';
import { signInConformance } from './conformance/sign-in.ts';
import { sourcesConformance } from './conformance/sources.ts';
import { streamConformance } from './conformance/stream.ts';

export type { Made, Make } from './conformance/make.ts';

export function storeConformance(name: string, make: Make): void {
  describe(`${name} is a Store`, () => {
    ingestConformance(make);
    assignmentConformance(make);
    orderConformance(make);
    contactsConformance(make);
    membershipConformance(make);
    removalConformance(make);
    readingConformance(make);
    streamConformance(make);
    devicesConformance(make);
    inboxConformance(make);
    commandConformance(make);
    signInConformance(make);
    sessionsConformance(make);
    operateConformance(make);
    isolationConformance(make);
    digestsConformance(make);
    retentionConformance(make);
    sourcesConformance(make);
  });
}
