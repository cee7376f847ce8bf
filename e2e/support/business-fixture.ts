import type { Agent } from '@converso/shared';
import { addBusiness, type Business } from './business.ts';
import { type Server, startServer } from './server.ts';

/** Two colleagues who answer in the same group. */
export const ANA: Agent = { id: 'ana', name: 'Ana Torres', email: 'ana@shop.example', role: 'agent' };
export const BEN: Agent = { id: 'ben', name: 'Ben Ode', email: 'ben@shop.example', role: 'agent' };
export const SALES = { id: 'sales', name: 'Sales' };

/** A server with one business in which Ana and Ben are the team of the group "Sales". */
export interface BusinessFixture {
  server: Server;
  business: Business;
  close(): Promise<void>;
}

/** @param environment is added to what the server needs, and its commands too */
export async function openBusiness(environment: Record<string, string> = {}): Promise<BusinessFixture> {
  const server = await startServer(environment);
  const business = await addBusiness(server, 'The Shop');
  for (const agent of [ANA, BEN]) await business.addAgent(agent);
  await business.addGroup({ ...SALES, team: [ANA.id, BEN.id] });
  return { server, business, close: () => server.close() };
}
