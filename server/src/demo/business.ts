/** The demo's business: a holiday rental agency on the Spanish coast, and who works there. Its addresses reach nobody. */
import type { Agent } from '@converso/shared';

export const DEMO_BUSINESS = { id: 'sol-mar', name: 'Sol & Mar Rentals', timeZone: 'Europe/Madrid' } as const;

export const DEMO_AGENTS: readonly Agent[] = [
  { id: 'ana', name: 'Ana García', email: 'ana@demo.example', role: 'agent' },
  { id: 'ben', name: 'Ben Okafor', email: 'ben@demo.example', role: 'agent' },
  { id: 'chloe', name: 'Chloé Martin', email: 'chloe@demo.example', role: 'agent' },
  { id: 'dana', name: 'Dana Weiss', email: 'dana@demo.example', role: 'admin' },
];

export const DEMO_GROUPS = [
  { id: 'reservations', name: 'Reservations', agentIds: ['ana', 'ben', 'dana'] },
  { id: 'support', name: 'Guest support', agentIds: ['ben', 'chloe'] },
] as const;
