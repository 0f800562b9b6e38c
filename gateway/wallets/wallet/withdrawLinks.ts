import { timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitSurely } from '../../ledger/process/submitSurely.ts'
import type { Asset } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Payouts } from '../../payouts/payout/payouts.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PayoutId } from '../../ports/ids.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { RateSource } from '../../ports/rates.ts'
import { readWalletFact, toWalletFact } from './facts.ts'
import { withdrawableMsat, withdrawalCost } from './linkAmounts.ts'
import type { Spending } from './spending.ts'
import type { WalletKey } from './walletKey.ts'
import type { WithdrawLink } from './withdrawLink.ts'

export type NewWithdrawLink = Omit<WithdrawLink, 'id' | 'createdAt'> & Readonly<{ along?: Along<WithdrawLink> }>

export type WithdrawLinks = ReturnType<typeof createWithdrawLinks>

/** The least that is worth a payment, and that every wallet can receive. */
const LEAST_MSAT = 1_000n

type Parts = Readonly<{
  books: Books
  payouts: Payouts
  spending: Spending
  rates: RateSource
  readInvoice: InvoiceReader
  key: WalletKey
  clock: Clock
  ids: IdSource
  assetOf: (id: string) => Asset
}>

/** Withdrawal links (LUD-03): each use is a payout like any other, within the link's budget. */
export function createWithdrawLinks(o: Parts) {
  const byId = new Map<string, WithdrawLink>()
  const canceled = new Set<string>()

  o.books.remember({
    name: 'wallet.withdrawLinks',
    form: 1,
    tables: { byId, canceled },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'withdraw_link.canceled') canceled.add(own.id)
      if (own?.type !== 'withdraw_link.created') return
      const { asset, units, ...rest } = own.data
      byId.set(own.id, { ...rest, id: own.id, budget: money(o.assetOf(asset), BigInt(units)), createdAt: own.at })
    },
  })

  /** The secret in the link. It is derived, so the journal does not hold it. */
  const k1Of = (id: string) => o.key.secret(`withdraw ${id}`).toString('hex')

  function get(id: string): WithdrawLink {
    const link = byId.get(id)
    if (!link) throw new GatewayError('not_found', `There is no withdrawal link ${id.slice(0, 60)}`)
    return link
  }

  /** The link of one who knows its secret. */
  function opened(id: string, k1: string): WithdrawLink {
    const link = byId.get(id)
    const [given, right] = [Buffer.from(k1, 'utf8'), Buffer.from(k1Of(id), 'utf8')]
    if (!link || given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new GatewayError('not_found', 'There is no such withdrawal link')
    }
    return link
  }

  function statusOf(link: WithdrawLink): 'open' | 'canceled' | 'expired' | 'used' {
    if (canceled.has(link.id)) return 'canceled'
    if (o.clock.now() > link.expiresAt) return 'expired'
    return o.spending.usesOf(link.id) >= link.uses || left(link).units <= 0n ? 'used' : 'open'
  }

  function left({ id, budget }: WithdrawLink): Money {
    return money(budget.asset, budget.units - o.spending.spent(id))
  }

  /** What can be withdrawn now, in msat: of the budget, and of the balance behind it. */
  function mostMsat(link: WithdrawLink): bigint {
    return statusOf(link) === 'open' ? withdrawableMsat(o, { party: link.party, left: left(link) }) : 0n
  }

  async function payOut(link: WithdrawLink, invoice: string): Promise<string> {
    const read = o.readInvoice(invoice)
    if (typeof read === 'string') throw new GatewayError('invalid_request', `The invoice cannot be paid: ${read}`)
    const { key, payout } = o.spending.latest(`withdraw:${link.id}:${read.paymentHash}`, (id) => o.payouts.get(id).status === 'failed')
    // The same invoice again is the same withdrawal.
    if (payout !== undefined) return payout
    const { amountMsat } = read
    const most = mostMsat(link)
    if (amountMsat === undefined || amountMsat < LEAST_MSAT || amountMsat > most) {
      throw new GatewayError('invalid_amount', `The invoice must be over ${LEAST_MSAT} to ${most} msat`)
    }
    const amount = withdrawalCost(o, amountMsat, link.budget.asset)
    const id = o.ids.next('po_') as PayoutId // The prefix makes it one.
    const use = o.spending.use(link.id, { payout: id, units: amount.units, at: o.clock.now(), key })
    const along = () => use
    const destinations = [{ kind: 'lightning_invoice', invoice } as const]
    const order = { id, source: accounts.party(link.party), amount, destinations, reference: link.description, createdBy: link.id }
    await o.payouts.create({ ...order, along })
    return id
  }

  return {
    async create({ along, ...wanted }: NewWithdrawLink): Promise<WithdrawLink> {
      const id = o.ids.next('wl_') as WithdrawLink['id'] // The prefix makes it one.
      const link: WithdrawLink = { ...wanted, id, createdAt: o.clock.now() }
      const { party, budget, uses, description, expiresAt } = link
      const data = { party, asset: budget.asset.id, units: budget.units.toString(), uses, description, expiresAt }
      const extra = along?.(link) ?? { claims: [], facts: [] }
      const fact = toWalletFact({ type: 'withdraw_link.created', id, at: link.createdAt, data })
      await submitSurely(o.books, { claims: extra.claims, facts: [fact, ...extra.facts] })
      return link
    },
    async cancel(id: string, along?: ReturnType<Along<WithdrawLink>>): Promise<void> {
      const fact = toWalletFact({ type: 'withdraw_link.canceled', id: get(id).id, at: o.clock.now(), data: {} })
      await submitSurely(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
    },
    get,
    statusOf,
    left,
    k1Of,
    /** What the holder of the link is told: what he can withdraw now, in msat; nothing is 0 to 0. */
    terms(id: string, k1: string): Readonly<{ link: WithdrawLink; minMsat: bigint; maxMsat: bigint }> {
      const link = opened(id, k1)
      const most = mostMsat(link)
      return most < LEAST_MSAT ? { link, minMsat: 0n, maxMsat: 0n } : { link, minMsat: LEAST_MSAT, maxMsat: most }
    },
    /** Begins a withdrawal to the holder's invoice; it is paid, or not, afterwards. */
    withdraw: (id: string, k1: string, invoice: string): Promise<string> => {
      const link = opened(id, k1)
      return o.spending.inTurn(link.id, () => payOut(link, invoice))
    },
  }
}
