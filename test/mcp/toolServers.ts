// Servers with paid tools, by the official SDK in both its versions, and a client of the same version beside each.
import { Client as ClientV2, InMemoryTransport as PairV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as PairV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as ServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { McpServer as ServerV2 } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { Seller } from '../../gateway/seller/createSeller.ts'
import type { PricedTool } from '../../gateway/seller/mcpFace.ts'
import { usd } from '../../gateway/seller/price.ts'

/** What a tool's answer is here. */
export type Answered = Readonly<{
  content: readonly Readonly<{ type: string; text?: string }>[]
  isError?: boolean
  structuredContent?: Readonly<Record<string, unknown>>
  _meta?: Readonly<Record<string, unknown>>
}>

/** A client as this test uses it, and as those who wrap one do. */
export type Caller = Readonly<{
  callTool: (call: { name: string; arguments?: Record<string, unknown>; _meta?: Record<string, unknown> }) => Promise<Answered>
  close: () => Promise<void>
}>

/** `joke` has a price, `shout` one by the length of its text and fails for "fail". */
type Work = Readonly<{ joke: () => string; PaymentError?: PricedTool['PaymentError'] }>

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })
const shout = (said: string) => (said === 'fail' ? { ...text('no voice'), isError: true } : text(said.toUpperCase()))
const priceOf = ({ arguments: given }: { arguments: unknown }) =>
  (given as { text: string }).text.length > 100 ? usd('0.01') : usd('0.002')
const priced = (tool: string, { PaymentError }: Work): PricedTool => ({
  price: usd('0.002'),
  tool,
  description: `the tool ${tool}`,
  ...(PaymentError && { PaymentError }),
})

export async function toolsV1(seller: Seller, work: Work): Promise<Caller> {
  const server = new ServerV1({ name: 'jokes', version: '1.0.0' })
  server.registerTool(
    'joke',
    {},
    seller.mcp(priced('joke', work), async () => text(work.joke())),
  )
  server.registerTool(
    'shout',
    { inputSchema: { text: z.string() } },
    seller.mcp({ ...priced('shout', work), price: priceOf }, ({ text: said }: { text: string }) => shout(said)),
  )
  const [near, far] = PairV1.createLinkedPair()
  const client = new ClientV1({ name: 'agent', version: '1.0.0' })
  await Promise.all([server.connect(far), client.connect(near)])
  return client as unknown as Caller // Its answers are unions that this test looks into.
}

export async function toolsV2(seller: Seller, work: Work): Promise<Caller> {
  const server = new ServerV2({ name: 'jokes', version: '1.0.0' })
  server.registerTool(
    'joke',
    {},
    seller.mcp(priced('joke', work), async () => text(work.joke())),
  )
  server.registerTool(
    'shout',
    { inputSchema: z.object({ text: z.string() }) },
    seller.mcp({ ...priced('shout', work), price: priceOf }, ({ text: said }: { text: string }) => shout(said)),
  )
  const [near, far] = PairV2.createLinkedPair()
  const client = new ClientV2({ name: 'agent', version: '1.0.0' })
  await Promise.all([server.connect(far), client.connect(near)])
  return client as unknown as Caller // As above.
}
