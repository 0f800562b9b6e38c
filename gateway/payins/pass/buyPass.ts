import { toReceiptFact } from '../../audit/receipt/facts.ts'
import { moneyText, type ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { sameAsset } from '../../money/asset.ts'
import { floorDiv, max } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import type { Payee } from '../../parties/party/splits.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { lightningClaimKey } from '../proof/verifiedProof.ts'
import { toSettlementFact } from '../settlement/facts.ts'
import { convertLegs, move } from '../settlement/legs.ts'
import { receiptContent } from '../settlement/receiptContent.ts'
import type { Unmatched } from '../settlement/unmatched.ts'
import { type PassId, type PassKind, toPassFact } from './facts.ts'
import { passAccount, passId } from './pass.ts'

/** How long a preimage waits for our own node's report of the same payment. */
export const ARRIVAL_DEADLINE_MS = 5_000

export function notReported(): GatewayError {
  return new GatewayError('outcome_unknown', 'The invoice is paid, but our node has not reported it yet')
}

type BuyParts = Readonly<{ books: Books; receipts: ReceiptSigner; clock: Clock; ids: IdSource }>

/** What an invoice has bought: its price in USD, and what it asked for. `adds`: to the session that stands under this id. */
export type Sold = Readonly<{
  kind: PassKind
  paymentHash: string
  amount: Money
  price: Money
  route: string
  uses: number
  endsAt: number
  returnInvoice?: string
  adds?: PassId
}>

/** `credit`: what the price of the pass is in the asset of balances now. `resource`: what is bought, as the receipt names it. */
type Purchase = Readonly<{ sold: Sold; arrived: Unmatched; credit: Money; payee: Payee; seller: string; resource: string }>

/**
 * Turns the payment of a pass's invoice into the pass: the payment's single use, the pass, its receipt and its money in one commit. What cannot be converted
 * is kept in kind. Its money is the pass's until it is used; that of a pass for a time is the payee's at once. Throws `proof_used` where the payment has
 * bought something else. A pass that stands already is left as it is.
 */
export async function buyPass(o: BuyParts, p: Purchase): Promise<void> {
  let outcome = await tryBuy(o, p)
  if (outcome.kind === 'declined' && outcome.status === 'exceeds_credits') outcome = await tryBuy(o, { ...p, credit: p.sold.amount })
  if (outcome.kind === 'declined')
    throw new GatewayError('insufficient_liquidity', `The pass could not be booked (${outcome.status}); its payment waits for it`)
  if (outcome.kind === 'conflict' && outcome.with.fingerprint !== fingerprintOf(p.sold))
    throw new GatewayError('proof_used', 'This payment has paid for something else')
}

/** What the payment of a deposit is used for: one session. */
export function depositOf(session: PassId): string {
  return `pass:${session}`
}

function fingerprintOf({ kind, adds, paymentHash }: Sold): string {
  return kind === 'session' ? depositOf(adds ?? passId(paymentHash)) : 'pass'
}

async function tryBuy({ books, receipts, clock, ids }: BuyParts, { sold: pass, arrived, credit, payee, seller, resource }: Purchase) {
  const [claimKey, fingerprint] = [lightningClaimKey(pass.paymentHash), fingerprintOf(pass)]
  const [id, receipt, entry, at] = [pass.adds ?? passId(pass.paymentHash), receipts.nextId(), ids.entry(), clock.now()]
  const asked = pass.amount
  const legs = legsOf({ from: accounts.suspense('lightning'), pass, to: passAccount(id), asked, credit, payee })
  const excess = arrived.amount.units - asked.units
  if (excess > 0n) legs.push(move(accounts.suspense('lightning'), accounts.surplus(receipt), money(asked.asset, excess)))
  const content = receiptContent({
    id: receipt,
    payment: claimKey,
    resource,
    price: pass.price,
    rail: 'lightning',
    paid: arrived.amount,
    converted: asked,
    credit,
    state: 'settled',
    payee,
    entry,
  })
  // Nobody has earned what is not used yet.
  const { amount: held } = moneyText(credit)
  const issued = receipts.issue(pass.kind === 'time' ? content : { ...content, parts: [{ to: passAccount(id), amount: held }] })
  const uses = pass.kind === 'uses' ? { uses: pass.uses, perUse: max(1n, floorDiv(credit.units, BigInt(pass.uses))).toString() } : {}
  const data = {
    kind: pass.kind,
    route: pass.route,
    receipt,
    entry,
    asset: credit.asset.id,
    units: credit.units.toString(),
    msat: asked.units.toString(),
    endsAt: pass.endsAt,
    seller,
    ...(pass.returnInvoice === undefined ? {} : { returnInvoice: pass.returnInvoice }),
    ...uses,
    ...(payee.kind === 'party' ? { party: payee.party } : { split: payee.split.key }),
  }
  return submitUntilKnown(books, {
    claims: [{ key: claimKey, fingerprint }],
    facts: [
      pass.adds
        ? toPassFact({ type: 'pass.added', id, at, data: { request: receipt, units: data.units } })
        : toPassFact({ type: 'pass.bought', id, at, data }),
      toReceiptFact({ type: 'receipt.issued', id: receipt, at, data: issued }),
      toSettlementFact({ type: 'settlement.matched', id: receipt, at, data: { settlement: arrived.id } }),
    ],
    entry: { id: entry, payment: receipt, legs },
  })
}

type Way = Readonly<{ from: string; to: string; pass: Pick<Sold, 'kind'>; asked: Money; credit: Money; payee: Payee }>

function legsOf({ from, to, pass, asked, credit, payee }: Way): Leg[] {
  if (pass.kind === 'time') return convertLegs({ got: asked, from, payee, credit })
  if (sameAsset(asked.asset, credit.asset)) return [move(from, to, asked)]
  const fx = accounts.fx(asked.asset, credit.asset)
  return [move(from, fx, asked), move(fx, to, credit)]
}
