import { randomBytes } from 'node:crypto'
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { BudgetLimits } from '../../gateway/client/budget/budget.ts'
import type { Payer } from '../../gateway/client/payer.ts'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { showMoney } from '../../gateway/money/money.ts'
import { agentRequest, answerOf, maxOf, requestShape } from './agentRequest.ts'
import { guarded, refused, said } from './agentResult.ts'
import type { Approved, createApproval } from './approval.ts'
import { NeedsPerson } from './approval.ts'
import type { createFirstAnswers } from './firstAnswers.ts'
import type { createReceipts } from './receiptsKept.ts'

const inputSchema = z.object({
  ...requestShape,
  max: z.string().optional().describe('The most that this may cost, in dollars, such as "0.05"'),
})
export const PAY_TOOL = {
  title: 'Request a URL and pay for it',
  description:
    'Sends a request and, when it answers 402, pays it within the budget after the person has approved the amount. The same call again never pays the same thing twice while its outcome is unknown.',
  inputSchema,
  annotations: { destructiveHint: true, openWorldHint: true, idempotentHint: false },
}
/** So many characters of a stranger's text stand in a question. */
const SHOWN_MAX = 60
/** Names of the two questions in a result that asks. */
const [APPROVE, HAND_OFF] = ['approve', 'pay_yourself']

type Parts = Readonly<{
  server: McpServer
  payer: Payer
  approval: ReturnType<typeof createApproval>
  receipts: ReturnType<typeof createReceipts>
  answers: ReturnType<typeof createFirstAnswers<PaidAnswer>>
  codec: RequestStateCodec<Approved>
  budget: BudgetLimits
}>
export type PaidAnswer = Awaited<ReturnType<typeof answerOf>>
type Call = z.infer<typeof inputSchema>

/**
 * The handler of `pay`. It runs from the top each time the client comes back with its person's answer: the request is asked again, and its price compared
 * with what was approved, which the client carries sealed, and which is good for one payment.
 */
export function payTool({ server, payer, approval, receipts, answers, codec, budget }: Parts) {
  return guarded(async (call: Call, context: ServerContext) => {
    const { url, init, key } = agentRequest(call, budget.sites)
    const can = abilities(server, context)
    const answer = personIn(context)
    if (answer.approval === 'no') return refused(new GatewayError('payment_declined', `The person did not approve the payment for ${url}`))
    if (answer.handOff === 'yes')
      return said({ handed_over: true, url, note: 'The person has the page and pays there, or does not. Nothing was paid here.' })
    if (answer.handOff === 'no') return refused(new GatewayError('payment_declined', 'The person did not take the payment over'))
    const approved = answer.approval === 'yes' ? context.mcpReq.requestState<Approved>() : undefined
    const ask = async (): Promise<PaidAnswer> => {
      const response = await approval.during({ key, canAsk: can.ask, approved, max: maxOf(call.max) }, () =>
        payer.fetch(url, { ...init, signal: context.mcpReq.signal }),
      )
      if (payer.isOpen(response)) {
        await response.body?.cancel()
        throw new GatewayError('outcome_unknown', `${url} was paid for and answers ${response.status}`, {
          hint: 'Make the same call again: it shows the same proof and pays nothing.',
        })
      }
      const receipt = payer.receipt(response)
      if (receipt) await receipts.add(receipt)
      return await answerOf(response, receipt?.toJSON() ?? null)
    }
    try {
      return said(await (approved ? answers.by(`${approved.nonce} ${key}`, ask) : ask()))
    } catch (error) {
      if (error instanceof NeedsPerson)
        return question(error, { key, spentNote: `${showMoney(await payer.spent())} of ${showMoney(budget.perDay)}` })
      if (!isGatewayError(error) || !FOR_A_PERSON.includes(error.code)) throw error
      if (call.method !== 'GET' || error.meta.limit === 'max') throw error
      return can.open ? handOff(error, url) : refused(error, { pay_yourself: url })
    }
  })

  async function question({ quote, cost }: NeedsPerson, { key, spentNote }: { key: string; spentNote: string }) {
    const [bid] = quote.bids
    const title = `Pay ${showMoney(cost)}`
    return inputRequired({
      inputRequests: {
        [APPROVE!]: inputRequired.elicit({
          message: `Pay ${showMoney(cost)} to ${new URL(quote.url).host} by ${bid?.rail}, for "${shown(quote.url)}"? In the last 24 hours ${spentNote} were spent.`,
          requestedSchema: { type: 'object', properties: { pay: { type: 'boolean', title, default: false } }, required: ['pay'] },
        }),
      },
      requestState: await codec.mint({ key, units: cost.units.toString(), nonce: randomBytes(16).toString('hex') }),
    })
  }
}

/** What of a URL stands in a question beside its host. Its words may be a server's: in quotes, which a URL has none of, and ending in sight. */
function shown(url: string): string {
  const { pathname, search } = new URL(url)
  const whole = `${pathname}${search}`
  return whole.length > SHOWN_MAX ? `${whole.slice(0, SHOWN_MAX)}...` : whole
}

/** Why it was not paid, as a person reads it: never the words of a server, which an error may repeat. */
const WHY: Readonly<Record<string, string>> = {
  no_payable_offer: 'no wallet here can pay what it asks for',
  budget_exceeded: 'the budget does not allow it',
  payment_declined: 'the payment was not approved, or the wallet did not sign it',
}
/** Refusals after which a person can still pay by themselves. */
const FOR_A_PERSON = Object.keys(WHY)

/** Puts the page before the person, for a payment that this program can or may not make. */
function handOff(error: GatewayError, url: string) {
  const message = `The agent could not pay ${new URL(url).host}: ${WHY[error.code]}. You may pay on the page itself.`
  return inputRequired({ inputRequests: { [HAND_OFF!]: inputRequired.elicitUrl({ message, url }) } })
}

type Word = 'yes' | 'no' | undefined

/** What the person said, if this round has it. */
function personIn({ mcpReq }: ServerContext): { approval: Word; handOff: Word } {
  const [approve, open] = [APPROVE!, HAND_OFF!].map((name) => inputResponse(mcpReq.inputResponses, name))
  const yes = approve?.kind === 'elicit' && approve.action === 'accept' && approve.content?.pay === true
  return {
    approval: approve?.kind === 'elicit' ? (yes ? 'yes' : 'no') : undefined,
    handOff: open?.kind === 'elicit' ? (open.action === 'accept' ? 'yes' : 'no') : undefined,
  }
}

/** Whether the client can ask its person a question, and open a page for them. Before 2026-07-28 it said so once, and since says so with each request. */
function abilities(server: McpServer, { mcpReq }: ServerContext): { ask: boolean; open: boolean } {
  // The SDK types the envelope's keys in a way that its own name for this one does not fit.
  const envelope = mcpReq.envelope as Readonly<Record<string, ClientCapabilities | undefined>> | undefined
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities()
  const elicitation = capabilities?.elicitation
  if (!elicitation) return { ask: false, open: false }
  const open = elicitation.url !== undefined
  // The form is meant where nothing is named, as it was before there were pages.
  return { ask: elicitation.form !== undefined || !open, open }
}
