import type { Money } from '../money/money.ts'
import type { PaidReceipt } from './paidReceipt.ts'
import { createPayer, type PayerOptions } from './payer.ts'
import type { Quote } from './quote.ts'
import { type ToolCall, type ToolClient, toolFetch, toolRequest } from './toolCalls.ts'

/** What a tool answered, as MCP writes it. */
export type ToolAnswer = Readonly<{ content: readonly Readonly<Record<string, unknown>>[]; isError?: boolean; structuredContent?: unknown }>

export interface ToolPayer {
  /** As the client's own, paying a tool that asks for it. Throws as a payer's `fetch` does. */
  callTool(call: ToolCall): Promise<ToolAnswer>
  /** What a call would cost; null when it is free, in which case it has been made. */
  quote(call: ToolCall): Promise<Quote | null>
  /** What was paid for an answer of `callTool`; null when it was free. */
  receipt(answer: ToolAnswer): PaidReceipt | null
  spent(): Promise<Money>
}

/**
 * Pays the tools of an MCP server, by x402 and MPP, with all that a payer has: budget, approval, one payment for a call. `site` is the host that the budget
 * knows the server by. A balance cannot pay a tool.
 */
export function payTools(
  client: ToolClient,
  { site, ...options }: Omit<PayerOptions, 'fetch' | 'saysHowItPays'> & Readonly<{ site: string }>,
): ToolPayer {
  const payer = createPayer({ ...options, fetch: toolFetch(client), saysHowItPays: false })
  const receipts = new WeakMap<ToolAnswer, PaidReceipt>()
  return {
    async callTool(call) {
      const { url, init } = toolRequest(site, call)
      const response = await payer.fetch(url, init)
      const answer = (await response.json()) as ToolAnswer // The client's SDK has checked it.
      const receipt = payer.receipt(response)
      if (receipt) receipts.set(answer, receipt)
      return answer
    },
    quote(call) {
      const { url, init } = toolRequest(site, call)
      return payer.quote(url, init)
    },
    receipt: (answer) => receipts.get(answer) ?? null,
    spent: () => payer.spent(),
  }
}
