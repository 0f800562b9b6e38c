import { randomBytes } from 'node:crypto'
import { createRequestStateCodec, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createPayer, type Payer, type PayerOptions } from '../../gateway/client/payer.ts'
import { formatAmount, money } from '../../gateway/money/money.ts'
import type { AgentPurse } from '../purse/purse.ts'
import { agentRequest, requestShape } from './agentRequest.ts'
import { guarded, said } from './agentResult.ts'
import { type Approved, createApproval } from './approval.ts'
import { createFirstAnswers } from './firstAnswers.ts'
import { PAY_TOOL, type PaidAnswer, payTool } from './payTool.ts'
import { createReceipts } from './receiptsKept.ts'
import { createSpentApprovals } from './spentApprovals.ts'

const RECEIPTS_MAX = 100
/** A question waits so long for its person. */
const PERSON_MS = 600_000

type Parts = Readonly<{ purse: AgentPurse; version: string }>

/** What a connection to an agent is served with: one payer for all connections, so that one budget holds for them. */
export function createAgent({ purse, version }: Parts): () => McpServer {
  const { budget, store, unattended } = purse
  const approval = createApproval(unattended, createSpentApprovals(store, { now: Date.now, keptMs: 2 * PERSON_MS }))
  const payer = payerOf(purse, approval.approve)
  const receipts = createReceipts(store, Date.now)
  const answers = createFirstAnswers<PaidAnswer>()
  const codec = createRequestStateCodec<Approved>({ key: randomBytes(32), ttlSeconds: PERSON_MS / 1_000 })

  return () => {
    const server = new McpServer(
      { name: 'switchyard-client', version },
      {
        instructions:
          'Pays web requests that answer 402 from the wallets of the person who runs this, within their budget. Ask quote first when a price is not known.',
        requestState: { verify: codec.verify },
        inputRequired: { roundTimeoutMs: PERSON_MS },
      },
    )
    server.registerTool('pay', PAY_TOOL, payTool({ server, payer, approval, receipts, answers, codec, budget }))
    server.registerTool(
      'quote',
      {
        title: 'Say what a request costs',
        description:
          'Sends a request without paying. Answers every way to pay it, cheapest first, and why each other cannot be paid here; null when it is free.',
        inputSchema: z.object(requestShape),
        annotations: { openWorldHint: true },
      },
      guarded(async (asked) => {
        const { url, init } = agentRequest(asked, budget.sites)
        return said({ quote: (await payer.quote(url, init))?.toJSON() ?? null })
      }),
    )
    server.registerTool(
      'budget',
      {
        title: 'Say what is left of the budget',
        description:
          'What may be spent, in dollars: on one request, in any 24 hours, what of that is left, where, and what is paid without asking.',
        inputSchema: z.object({}),
        annotations: { readOnlyHint: true },
      },
      guarded(async () => {
        const spent = await payer.spent()
        const left = budget.perDay.units > spent.units ? budget.perDay.units - spent.units : 0n
        return said({
          per_request: formatAmount(budget.perRequest),
          per_day: formatAmount(budget.perDay),
          spent_in_24_hours: formatAmount(spent),
          left_today: formatAmount(money(budget.perDay.asset, left)),
          unattended: unattended ? formatAmount(unattended) : '0',
          sites: budget.sites,
        })
      }),
    )
    server.registerTool(
      'receipts',
      {
        title: 'List what was paid',
        description: 'The newest payments first: when, for which URL, by which rail, what it cost, and the proof.',
        inputSchema: z.object({ count: z.int().min(1).max(RECEIPTS_MAX).default(10) }),
        annotations: { readOnlyHint: true },
      },
      guarded(async ({ count }) => said({ receipts: await receipts.newest(count) })),
    )
    return server
  }
}

function payerOf({ wallets, budget, store, policy }: AgentPurse, approve: NonNullable<PayerOptions['approve']>): Payer {
  return createPayer({ wallets: wallets.map(({ wallet }) => wallet), budget, store, approve, ...(policy && { policy }) })
}
