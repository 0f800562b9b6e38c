import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDiv, max } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payee, Splits } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Ground } from '../../ports/ground.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { Funding } from '../claim/claimEntry.ts'
import { createTurns } from '../claim/turns.ts'
import { checkExpiry } from '../proof/verifyChallenge.ts'
import type { VerifiedPass } from '../proof/verifyPass.ts'
import { REDEEM_GRACE_MS } from '../proof/verifyPreimage.ts'
import type { SettlementRecords } from '../settlement/settlementRecords.ts'
import { ARRIVAL_DEADLINE_MS, buyPass, notReported } from './buyPass.ts'
import { createDeposits } from './deposits.ts'
import { createPassEnds } from './endPasses.ts'
import { inLines } from './inLines.ts'
import { limitLegs, partsOf, type Room, spent } from './limits.ts'
import { type Pass, passAccount, passId } from './pass.ts'
import type { PassRecords } from './passRecords.ts'
import { createSellerShares } from './sellerShares.ts'

/** Passes that have not ended are in memory: so many at most, of which a seller has its share; without room its routes sell single requests. */
const OPEN_MAX = 100_000
/**
 * What is bought: by its address, for `payee`; `price` is what this request costs, in USD, or, where it is `metered`, may cost; `seller`: who sells it.
 * `onBought` is told of a new pass.
 */
type Wanted = Readonly<{ payee: Payee; seller: string; resource: string; price: Money; metered: boolean; onBought: () => void }>

/**
 * A use: of a pass for a time there is nothing to write down. `price` in USD; `credit` is what the payee is given out of the pass, which `fund` throws
 * `token_spent` of; `leave` once it is claimed, or never will be.
 */
type PassUse =
  | Readonly<{ kind: 'unmetered'; receipt: ReceiptId }>
  | Readonly<{ kind: 'metered'; pass: Pass; price: Money; credit: Money; fund: () => Promise<Funding>; leave: () => void }>

/** What is left of a pass: of one of uses or of a budget what it still has, in its own asset. */
export type PassLeft = Readonly<{ pass: Pass; left: Money; uses: bigint }>

export type Passes = ReturnType<typeof createPasses>

type Parts = Readonly<{
  ground: Ground
  books: Books
  splits: Pick<Splits, 'get' | 'house'>
  receipts: ReceiptSigner
  records: PassRecords
  settlements: Pick<SettlementRecords, 'waitFor'>
  headOf: Parameters<typeof createPassEnds>[0]['headOf']
  readInvoice: InvoiceReader
  log: (line: string) => void
  openMax?: number
  sweepEveryMs?: number
}>

/** The passes of this gateway: bought when their token is first shown, used request by request, ended by time. */
export function createPasses(o: Parts) {
  const { ground, books, records, openMax = OPEN_MAX } = o
  const bought = createPurchases(o)
  const ends = createPassEnds(o)
  const deposits = createDeposits({ ...o, inTurn: ends.inTurn, end: ends.end, touched: ends.touched })
  const { hasRoom } = createSellerShares(records, openMax)
  const turns = createTurns()
  const counter = { books, clock: ground.clock, ids: ground.ids, usd: ground.usd }

  function priceOf(pass: Pass, verified: VerifiedPass, { price }: Wanted): Readonly<{ price: Money; credit: Money }> {
    const asset = ground.assetOf(pass.asset)
    if (pass.kind === 'budget') return { price, credit: convert(price, ground.rates.rate(ground.usd, asset), 'up') }
    const each = max(1n, floorDiv(verified.pass.price.units, BigInt(pass.uses)))
    return { price: money(ground.usd, each), credit: money(asset, pass.perUse) }
  }

  function roomOf(pass: Pass): Room {
    const { creditsPosted, debitsPosted, debitsPending: held } = books.balance(passAccount(pass.id), ground.assetOf(pass.asset))
    return { all: creditsPosted - debitsPosted, held }
  }
  function leftOf(pass: Pass): bigint {
    const { all, held } = roomOf(pass)
    return all - held
  }
  const { ids } = ground

  return {
    /** Whether this seller may sell another one. */
    hasRoom,
    /** A use of a pass whose token holds; the first one buys it. Throws `outcome_unknown` while the payment is not reported. */
    async use(verified: VerifiedPass, wanted: Wanted): Promise<PassUse> {
      const pass = records.get(passId(verified.pass.paymentHash)) ?? (await bought(verified, wanted))
      if (pass.kind === 'time') return { kind: 'unmetered', receipt: pass.receipt }
      const { price, credit } = priceOf(pass, verified, wanted)
      const [counts, most] = pass.kind === 'uses' ? [1n, BigInt(pass.uses)] : [price.units, verified.pass.price.units]
      const { limits } = verified.pass
      const fundNow = async (): Promise<Funding> => {
        if (leftOf(pass) < credit.units) throw spent()
        const beside = await limitLegs(counter, pass, { limits, most, counts })
        return { rail: 'book', from: passAccount(pass.id), got: credit, beside }
      }
      if (!wanted.metered) return { kind: 'metered', pass, price, credit, fund: fundNow, leave: () => {} }
      let leave = () => {}
      const fund = async (): Promise<Funding> => {
        const parts = partsOf(counter, { limits, most }).map(({ id, room }) => ({ key: id, needs: counts, room }))
        const whole = { key: pass.id, needs: credit.units, room: () => roomOf(pass) }
        leave = await inLines(turns, ids.next('us_'), [...parts.reverse(), whole])
        return fundNow()
      }
      return { kind: 'metered', pass, price, credit, fund, leave: () => leave() }
    },
    /** The pass that a payment bought or used, by the payment as its receipt names it. */
    find(payment: string): PassLeft | undefined {
      const used = /^pass:(ps_[0-9a-f]{32}):/.exec(payment)?.[1]
      const pass = records.get(used ?? passId(/^lightning:([0-9a-f]{64})$/.exec(payment)?.[1] ?? ''))
      if (!pass) return undefined
      const left = money(ground.assetOf(pass.asset), leftOf(pass))
      return { pass, left, uses: pass.kind === 'uses' && !pass.ended ? floorDiv(left.units, pass.perUse) : 0n }
    },
    /** Sessions over Lightning. */
    deposits,
    start: ends.start,
    close: ends.close,
  }
}

/** Buys passes: those who show a new token at the same time buy it once. */
function createPurchases({
  ground,
  books,
  records,
  receipts,
  settlements,
}: Parts): (verified: VerifiedPass, wanted: Wanted) => Promise<Pass> {
  const buying = new Map<string, Promise<Pass>>()
  const buy = { books, receipts, clock: ground.clock, ids: ground.ids }

  async function bought(verified: VerifiedPass, { payee, seller, resource, onBought }: Wanted): Promise<Pass> {
    const { pass } = verified
    // At its offer's rate: who could wait would pay only where the rate has moved its way.
    checkExpiry(pass.offeredUntil, ground.clock.now(), REDEEM_GRACE_MS)
    const arrived = await settlements.waitFor(pass.paymentHash, ARRIVAL_DEADLINE_MS)
    // Bought by another process while this one waited.
    const standing = records.get(passId(pass.paymentHash))
    if (standing) return standing
    if (!arrived) throw notReported()
    const credit = convert(pass.price, ground.rates.rate(ground.usd, ground.bookAsset), 'up')
    await buyPass(buy, { sold: pass, arrived, credit, payee, seller, resource })
    const now = records.get(passId(pass.paymentHash))
    if (!now) throw new GatewayError('outcome_unknown', 'The payment stands, the pass does not yet')
    onBought()
    return now
  }

  return (verified, wanted) => {
    const id = passId(verified.pass.paymentHash)
    const standing = buying.get(id)
    if (standing) return standing
    const one = bought(verified, wanted).finally(() => buying.delete(id))
    buying.set(id, one)
    return one
  }
}
