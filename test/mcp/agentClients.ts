// The command for agents, started by clients of the official SDK in both its versions as an assistant would.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client as ClientV2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { generatePrivateKey } from 'viem/accounts'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'

const COMMAND = join(import.meta.dirname, '..', '..', 'packages', 'client', 'bin.ts')
/** The dollar token that its wallet pays in. */
export const TOKEN = '0x5fbdb2315678afecb367f032d93f642f64180aa3'

export type Said = Readonly<{ structuredContent?: Readonly<Record<string, unknown>>; isError?: boolean }>
export type Question = Readonly<{ message: string; url?: string }>
export type Person = (question: Question) => { action: 'accept' | 'decline' | 'cancel'; content?: Record<string, boolean> }
export type Agent = Readonly<{ call: (name: string, given?: Record<string, unknown>) => Promise<Said>; close: () => Promise<void> }>

/** A configuration in `folder` that may pay `site` a little; `more` takes the place of its parts. */
export function configFile(folder: string, { site, more = {} }: { site: string; more?: object }): string {
  const file = join(folder, 'agent.json')
  const evm = { key: '$AGENT_KEY', tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] }
  const config = { budget: { perRequest: '0.01', perDay: '0.05', sites: [site] }, evm, ...more }
  writeFileSync(file, JSON.stringify(config))
  chmodSync(file, 0o600)
  return file
}

/** The command as an agent's client starts it. */
export const spawned = (file: string) => ({
  command: process.execPath,
  args: [...NODE_FLAGS, COMMAND, 'mcp', '--config', file],
  env: { PATH: process.env.PATH ?? '', AGENT_KEY: generatePrivateKey() },
  stderr: 'inherit' as const,
})

/** An agent's client of the revision of 2025, whose questions the server pushes; without a person it can ask nothing. */
export async function agentV1(file: string, person?: Person): Promise<Agent> {
  const client = new ClientV1({ name: 'agent', version: '1.0.0' }, { capabilities: person ? { elicitation: {} } : {} })
  if (person) client.setRequestHandler(ElicitRequestSchema, async ({ params }) => person(params))
  await client.connect(new StdioV1(spawned(file)))
  return { call: async (name, given = {}) => (await client.callTool({ name, arguments: given })) as Said, close: () => client.close() }
}

/** One of 2026-07-28, which is answered with the questions and comes back with the person's words. */
export async function agentV2(
  file: string,
  person?: Person,
  elicitation: Record<string, Record<string, string>> = { form: {} },
): Promise<Agent> {
  const capabilities = person ? { elicitation } : {}
  const client = new ClientV2({ name: 'agent', version: '1.0.0' }, { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } })
  if (person) client.setRequestHandler('elicitation/create', async ({ params }) => person(params as Question)) // Of both kinds.
  await client.connect(new StdioV2(spawned(file)))
  return { call: async (name, given = {}) => (await client.callTool({ name, arguments: given })) as Said, close: () => client.close() }
}
