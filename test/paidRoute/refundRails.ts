import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { uuidIds } from '../../app/open/uuidIds.ts'
import { openApprovals } from '../../gateway/approvals/openApprovals.ts'
import { fakeRail } from '../../gateway/conformance/fakeRail.ts'
import { type Asset, BTC, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { createPayouts } from '../../gateway/payouts/payout/payouts.ts'
import type { Books, Leg } from '../../gateway/ports/books.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { EvmRailName } from '../../gateway/ports/railName.ts'
import type { Rates } from '../../gateway/ports/rates.ts'
import { createGivenRecords } from '../../gateway/refunds/givenRecords.ts'
import { quickPolicy } from '../payout/payoutWorld.ts'

type Parts = Readonly<{
  books: Books
  clock: Clock
  ids: ReturnType<typeof uuidIds>
  rates: Rates
  usdc: Asset
  assetOf: (id: string) => Asset
}>

/** Patient, since a test's machine may be busy. */
const policy = { ...quickPolicy, estimateDeadlineMs: 20_000, sendDeadlineMs: 20_000, lookupDeadlineMs: 20_000 }

/** Payouts over these books, by a Lightning node and a wallet on the chain that remember what left them. Call it before the books start. */
export function refundRails({ books, clock, ids, rates, usdc, assetOf }: Parts) {
  const lightning = fakeRail({
    rail: 'lightning',
    asset: BTC,
    serves: ['lightning_invoice'],
    feesComeBy: 'outcome',
    fee: money(BTC, 7n),
    feeMax: money(BTC, 20n),
    available: money(BTC, 10n ** 9n),
  })
  const evm = (rail: EvmRailName, fee: bigint) =>
    fakeRail({
      rail,
      asset: usdc,
      serves: ['evm_address'],
      feesComeBy: 'stream',
      fee: money(usdc, fee),
      feeMax: money(usdc, 200n),
      available: money(usdc, 10n ** 9n),
    })
  const [chain, rollup] = [evm('evm:31337', 100n), evm('evm:31338', 1n)]
  const nothing = () => undefined
  const log = { info: nothing, warn: nothing, error: nothing }
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders: [lightning, chain, rollup],
    rates,
    clock,
    ids,
    policy,
    usd: USD,
    log,
  })
  const ground = { clock, ids, rates, usd: USD, bookAsset: usdc, assets: [usdc, BTC, USD], assetOf }
  const approvals = openApprovals(ground, { books, payouts, payoutsUsdMax: undefined, waitMs: 3_600_000, operatorKeys: false })
  const records = createGivenRecords(books, assetOf)
  return {
    payouts,
    records,
    approvals,
    lightning,
    chain,
    rollup,
    /** What the rails can send besides what comes in. */
    async fund(): Promise<void> {
      const move = (debit: string, asset: Asset): Leg => ({ kind: 'move', debit, credit: 'capital:operator', asset, units: 10n ** 8n })
      const legs = [move('rail:lightning:node', BTC), move('rail:evm:31337:wallet', usdc), move('rail:evm:31338:wallet', usdc)]
      await books.submit({ entry: { id: ids.entry(), payment: 'rails', legs } })
    },
  }
}
