import type { Refusal } from '../../../gateway/client/offers/offer.ts'
import type { PaidReceipt } from '../../../gateway/client/paidReceipt.ts'
import type { Quote } from '../../../gateway/client/quote.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { filled } from '../filled.ts'
import { people, wayOf } from './amounts.ts'

const INDENT = ' '.repeat(5)
/** More of a proof than this tells nobody more. */
const PROOF_CHARACTERS = 16

/** What was asked, and what each way would cost: the cheapest first, then what nobody here can pay. */
export function quoteText({ total, bids, refused }: Quote): string {
  const ways = waysOf(bids).map((way) => filled(way, INDENT))
  return [`402  ${total ? people(total) : 'nobody here can pay it'}`, ...ways, ...refused.map(refusalText)].join('\n')
}

/** Each way once, whichever protocols offer it. */
function waysOf(bids: Quote['bids']): string[] {
  return [...new Set(bids.map((bid) => `${wayOf(bid)}${bid.amount.asset.id === bid.cost.asset.id ? '' : ` (${people(bid.cost)})`}`))]
}

/** Why one offer is not paid. */
export function refusalText({ offer, detail }: Refusal): string {
  return filled(`not ${offer}: ${detail}`, INDENT)
}

/** What was taken and why. Without a quote it was paid before, and only its answer was missing. */
export function paidText(receipt: PaidReceipt, quote: Quote | undefined, tookMs: number): string {
  const ways = waysOf(quote?.bids ?? []).length
  const why = !quote
    ? 'paid by an earlier call'
    : quote.bids[0]?.offer !== receipt.offer
      ? 'the ways before it failed'
      : ways === 1
        ? 'the one way'
        : `the cheapest of ${ways} ways`
  const proof = receipt.proof.length > PROOF_CHARACTERS ? `${receipt.proof.slice(0, PROOF_CHARACTERS)}...` : receipt.proof
  const took = quote ? ` in ${tookMs} ms` : ''
  return [
    filled(`${wayOf(receipt)} (${why})${took}`, 'paid '),
    filled(`proof ${proof}${receipt.id ? `  receipt ${receipt.id}` : ''}`, INDENT),
    ...(receipt.refundUrl ? [filled(`the work failed; the money comes back by ${receipt.refundUrl}`, INDENT)] : []),
    ...(receipt.transaction || !receipt.statusUrl ? [] : [filled(`what became of it: ${receipt.statusUrl}`, INDENT)]),
  ].join('\n')
}

/** What cannot be paid, with what to change where there is no wallet at all. */
export function withWalletHint(error: GatewayError, wallets: number): GatewayError {
  if (wallets > 0) return error
  return new GatewayError('no_payable_offer', error.shortMessage, {
    meta: error.meta,
    hint: 'There is no wallet: set SWITCHYARD_EVM_KEY or SWITCHYARD_NWC_URL, or name a wallet file with --wallet; pay --help lists them all.',
  })
}
