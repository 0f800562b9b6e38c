import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { accounts } from '../ledger/journal/accounts.ts'
import { BTC, sameAsset } from '../money/asset.ts'
import { type Money, money, showMoney } from '../money/money.ts'
import type { Owed } from '../payins/refund/owed.ts'
import { refundLink } from '../payins/refund/refundLink.ts'
import { refundsOf } from '../payouts/fees/purses.ts'
import type { CreatePayout } from '../payouts/payoutState/createPayoutCommand.ts'
import type { PayoutView } from '../payouts/payoutState/view.ts'
import type { Ground } from '../ports/ground.ts'
import type { ReceiptId } from '../ports/ids.ts'
import type { Destination } from '../ports/sender.ts'
import { feeLeft } from './feeAllowance.ts'
import { createFindRefund, found, idOf, RECEIPT_TRIES_MAX, triesOf } from './findRefund.ts'
import { createGivenRecords, type GivenRecords } from './givenRecords.ts'
import { createGivenRefunds } from './givenRefunds.ts'
import { leastOf, payeeName, type Refund, standingTry } from './refund.ts'
import type { RefundContext } from './refundContext.ts'

const ASK_AN_OPERATOR = 'Ask the seller: an operator can pay it.'
/** In msat. */
const SATOSHI = 1_000n
/** Who asks for it, in the payout's words. */
const CREATED_BY = 'refund'

type Parts = Omit<RefundContext, keyof Ground | 'records'> &
  Readonly<{
    /** Made here when another process of a test does not share them. */
    records?: GivenRecords
    onFatal?: (error: unknown) => void
  }>

type Wanted = Readonly<{ destination: Destination; amount: Money }>

/** What is due to payers, by their links. */
export type OpenedRefunds = ReturnType<typeof openRefunds>
/** What routes are handed of them. */
export type Refunds = Omit<OpenedRefunds, 'context'>

/**
 * What is put aside for work that was not served is paid by tries out of `surplus:<receipt>`, which cannot give more than it has: what is on its way is held
 * there, what is unknown stays held, and what failed is there again. What payees give back are refunds of their own. Call it before the books start.
 */
export function openRefunds(ground: Pick<Ground, 'assetOf' | 'bookAsset' | 'clock' | 'ids' | 'rates' | 'usd'>, o: Parts) {
  const { assetOf } = ground
  const context: RefundContext = { ...o, ...ground, records: o.records ?? createGivenRecords(o.books, assetOf) }
  const given = createGivenRefunds({ ...context, onFatal: o.onFatal })
  const find = createFindRefund(context, given.get)

  /** Of two at once, in whatever processes, the books let one have the next name; the same payment under it is the same. */
  async function pay(link: string, wanted: (refund: Refund) => Wanted): Promise<string> {
    const refund = await find(link)
    const { destination, amount } = wanted(refund)
    if (refund.given) return given.pay(refund.given, destination)
    const nameOf = (to: Destination) => payeeName(to, o.readInvoice)
    const name = nameOf(destination)
    const standing = standingFor(refund, destination, nameOf)
    if (standing) return standing.id
    const { owed } = refund
    if (!owed || !mayBegin(refund, destination)) throw notDue(refund)
    checkAmount(amount, owed.left)
    if (refund.tries.length >= RECEIPT_TRIES_MAX)
      throw new GatewayError('refund_not_due', `It was tried ${RECEIPT_TRIES_MAX} times`, { hint: ASK_AN_OPERATOR })
    const shown = o.books.claim(name)
    if (shown && shown.fingerprint !== refund.receipt) throw ofAnother()
    // Claims are all or none, and this refund keeps an invoice that it could not pay.
    const own = shown || destination.kind !== 'lightning_invoice' ? [] : [{ key: name, fingerprint: refund.receipt }]
    const once = (made: PayoutView) => [{ key: `payout:${made.id}:created`, fingerprint: `${name} ${amount.units}` }, ...own]
    try {
      const next = nextTry(refund, owed, { destination, amount })
      return (await o.payouts.create({ ...next, along: (made) => ({ claims: once(made), facts: [] }) })).id
    } catch (error) {
      if (!isGatewayError(error, 'idempotency_key_reused')) throw error
      throw error.meta.claim === name ? ofAnother() : notDue({ ...refund, state: 'paying' })
    }
  }

  return {
    given,
    /** What is made of it elsewhere: a lost dispute is a refund. */
    context,
    /** A payout that was made for one. */
    payoutOf: (id: string): PayoutView | undefined => found(o.payouts, id),
    ...ofSessions({ find, pay, triesOf: (receipt) => triesOf(o.payouts, receipt), keys: o.challengeKeys }),
    /** How it stands. Throws `not_found` for what is no link of ours. */
    find,
    /** Begins to pay the holder's invoice, and answers the payout; the same invoice again is the same payout. */
    fetch: (link: string, k1: string, invoice: string): Promise<string> =>
      pay(link, (refund) => {
        if (k1 !== refund.k1) throw new GatewayError('not_found', 'There is no such refund')
        const read = o.readInvoice(invoice)
        if (typeof read === 'string') throw new GatewayError('invalid_request', `The invoice cannot be paid: ${read}`)
        const destination = { kind: 'lightning_invoice', invoice } as const
        if (refund.rail !== 'lightning' || !refund.owed || !sameAsset(refund.owed.total.asset, BTC)) throw notDue(refund)
        if (read.amountMsat === undefined) throw new GatewayError('invalid_amount', 'The invoice names no amount')
        return { destination, amount: money(BTC, read.amountMsat) }
      }),
    /** Begins to pay a refund to where its payer says. What is kept for work that was not served goes back over its own rail alone. */
    claim: (link: string, destination: Destination): Promise<string> =>
      pay(link, (refund) => {
        if (!refund.given || !refund.owed) throw notDue(refund)
        return { destination, amount: refund.owed.left }
      }),
    /** Begins to pay it back to the account that paid. */
    sendBack: (link: string): Promise<string> =>
      pay(link, (refund) => {
        const { from, owed } = refund
        if (!from || !owed) throw notDue(refund)
        const standing = owed.left.units > 0n ? owed.left : owed.total
        return { destination: { kind: 'evm_address', address: from.account, on: from.rail }, amount: standing }
      }),
  }
}

type OfSessions = Readonly<{
  find: (link: string) => Promise<Refund>
  pay: (link: string, wanted: (refund: Refund) => Wanted) => Promise<string>
  triesOf: (receipt: ReceiptId) => readonly PayoutView[]
  keys: Parts['challengeKeys']
}>

/** What is left of a session over Lightning, by its receipt. */
function ofSessions({ find, pay, triesOf: tried, keys }: OfSessions) {
  return {
    /** How it stands. */
    ofReceipt: (receipt: ReceiptId): Promise<Refund> => find(refundLink(keys.refund, receipt)),
    /**
     * Begins to pay all whole satoshi of it to an invoice that names no amount, and answers the payout. It is tried so once; whatever became of that, the link
     * is for its payer then.
     */
    async payReturn(receipt: ReceiptId, invoice: string): Promise<string> {
      const [first] = tried(receipt)
      if (first) return first.id
      return pay(refundLink(keys.refund, receipt), (refund) => {
        if (!refund.owed) throw notDue(refund)
        const { asset, units } = refund.owed.left
        return { destination: { kind: 'lightning_invoice', invoice }, amount: money(asset, units - (units % SATOSHI)) }
      })
    },
  }
}

/** Each payment out has its fee, so a refund is not fetched crumb by crumb. */
function checkAmount(amount: Money, left: Money): void {
  const least = money(left.asset, leastOf(left.units))
  if (amount.units >= least.units && amount.units <= left.units) return
  const bounds = `${showMoney(left)} is due, and an invoice is over at least ${showMoney(least)}`
  throw new GatewayError('invalid_amount', `The invoice is over ${showMoney(amount)}; ${bounds}`)
}

/** What a Lightning payment may cost is known when the one before it has its end; on a chain each has its own part. */
function mayBegin({ state, owed }: Refund, { kind }: Destination): boolean {
  return kind === 'lightning_invoice' ? state === 'due' : owed !== undefined && owed.left.units > 0n
}

/** The try that this one would repeat. What came to be due since goes to the same account too; an invoice is paid once. */
function standingFor({ tries, owed }: Refund, to: Destination, nameOf: (to: Destination) => string): PayoutView | undefined {
  const isMore = to.kind === 'evm_address' && owed !== undefined && owed.left.units > 0n
  return isMore ? undefined : standingTry(tries, to, nameOf)
}

/** The payout that tries it next. */
function nextTry({ receipt, payee, tries }: Refund, owed: Owed, { destination, amount }: Wanted): CreatePayout {
  return {
    id: idOf(receipt, tries.length),
    source: accounts.surplus(receipt),
    behalf: refundsOf(payee),
    ownFeeMax: feeLeft(amount, owed.total, tries),
    amount,
    destinations: [destination],
    reference: `refund of ${receipt}`,
    createdBy: CREATED_BY,
  }
}

function ofAnother(): GatewayError {
  return new GatewayError('invalid_request', 'The invoice was shown for another refund; make a new one')
}

const BY_INVOICE = 'GET the link: show its `lnurl` to a wallet, or GET its `callback` with `k1` and an invoice of yours as `pr`.'

function notDue({ state, rail }: Refund): GatewayError {
  const why = {
    none: 'Nothing is kept for the payer of this receipt',
    due: `What is due was paid over ${rail}, and goes back another way`,
    paying: 'It is on its way already',
    unknown: 'It may have arrived already, and that is being looked up',
    refunded: 'It was paid back already',
  }
  const hint = state === 'due' && rail === 'lightning' ? BY_INVOICE : undefined
  return new GatewayError('refund_not_due', why[state], hint === undefined ? {} : { hint })
}
