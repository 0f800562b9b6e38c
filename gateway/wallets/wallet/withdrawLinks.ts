import { timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Asset } from '../../money/asset.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Books } from '../../ports/books.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { Rates } from '../../ports/rates.ts'
import { toWalletFact } from './facts.ts'
import { withdrawalCost } from './linkAmounts.ts'
import { createLinkState } from './linkState.ts'
import { type AllowanceParts, payFromAllowance } from './payFromAllowance.ts'
import type { WalletKey } from './walletKey.ts'
import type { WithdrawLink } from './withdrawLink.ts'
import { createWithdrawLinkRecords } from './withdrawLinkRecords.ts'

type NewWithdrawLink = Omit<WithdrawLink, 'id' | 'createdAt'> & Readonly<{ along?: Along<WithdrawLink> }>

export type WithdrawLinks = ReturnType<typeof createWithdrawLinks>

/** The least that is worth a payment, and that every wallet can receive. */
const LEAST_MSAT = 1_000n

type Parts = AllowanceParts &
  Readonly<{ books: Books; rates: Rates; readInvoice: InvoiceReader; key: WalletKey; assetOf: (id: string) => Asset }>

/** Withdrawal links (LUD-03): each use is a payout like any other, within the link's budget. */
export function createWithdrawLinks(o: Parts) {
  const records = createWithdrawLinkRecords(o)
  const { left, statusOf, mostMsat } = createLinkState({ ...o, isCanceled: records.isCanceled })

  /** The secret in the link. It is derived, so the journal does not hold it. */
  const k1Of = (id: string) => o.key.secret(`withdraw ${id}`).toString('hex')

  function get(id: string): WithdrawLink {
    const link = records.find(id)
    if (!link) throw new GatewayError('not_found', `There is no withdrawal link ${id.slice(0, 60)}`)
    return link
  }

  /** The link of one who knows its secret. */
  function opened(id: string, k1: string): WithdrawLink {
    const link = records.find(id)
    const [given, right] = [Buffer.from(k1, 'utf8'), Buffer.from(k1Of(id), 'utf8')]
    if (!link || given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new GatewayError('not_found', 'There is no such withdrawal link')
    }
    return link
  }

  async function payOut(link: WithdrawLink, invoice: string): Promise<string> {
    const read = o.readInvoice(invoice)
    if (typeof read === 'string') throw new GatewayError('invalid_request', `The invoice cannot be paid: ${read}`)
    const { key, payout } = o.spending.latest(`withdraw:${link.id}:${read.paymentHash}`, (id) => o.payouts.get(id).status === 'failed')
    // The same invoice again is the same withdrawal.
    if (payout !== undefined) return payout
    const [{ amountMsat }, most] = [read, mostMsat(link)]
    if (amountMsat === undefined || amountMsat < LEAST_MSAT || amountMsat > most) {
      throw new GatewayError('invalid_amount', `The invoice must be over ${LEAST_MSAT} to ${most} msat`)
    }
    const amount = withdrawalCost(o, amountMsat, link.budget.asset)
    const destination = { kind: 'lightning_invoice', invoice } as const
    return payFromAllowance(o, { allowance: link.id, party: link.party, key, amount, destination, reference: link.description })
  }

  return {
    async create({ along, ...wanted }: NewWithdrawLink): Promise<WithdrawLink> {
      const id = o.ids.next('wl_')
      const link: WithdrawLink = { ...wanted, id, createdAt: o.clock.now() }
      const extra = along?.(link) ?? { claims: [], facts: [] }
      const fact = toWalletFact({ type: 'withdraw_link.created', id, at: link.createdAt, data: dataOf(link) })
      await submitUntilKnown(o.books, { claims: extra.claims, facts: [fact, ...extra.facts] })
      return link
    },
    async cancel(id: string, along?: ReturnType<Along<WithdrawLink>>): Promise<void> {
      const fact = toWalletFact({ type: 'withdraw_link.canceled', id: get(id).id, at: o.clock.now(), data: {} })
      await submitUntilKnown(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
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

function dataOf({ party, budget, uses, description, expiresAt, metadata }: WithdrawLink) {
  return { party, asset: budget.asset.id, units: budget.units.toString(), uses, description, expiresAt, ...saidMetadata(metadata) }
}
