import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import type { LightningRail } from '../../adapters/lightning/embedded/rail.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { createPayouts, type Payouts } from '../../gateway/payouts/payout/payouts.ts'
import { payoutPolicy } from '../../gateway/payouts/payoutState/policy.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { Estimate, Sender } from '../../gateway/ports/sender.ts'
import { type LightningWorld, openRouterChannel, startLightningWorld } from '../behavior/lightningWorld.ts'
import { rates } from './payoutWorld.ts'

const BALANCE_MSAT = 1_000_000_000n

/** Payouts over nodes that really route: we, the world's router, and the customer behind it. Each of the parties has a hundredth of a bitcoin. */
export type LightningPayouts = Readonly<{
  world: LightningWorld
  rail: LightningRail
  books: Books
  payouts: Payouts
  /** Terms that are told before the node's own, as by one that has not heard the news. */
  stale: Estimate[]
  close(): Promise<void>
}>

export async function startLightningPayouts(parties: readonly string[]): Promise<LightningPayouts> {
  const world = await startLightningWorld()
  const rail = await world.openRail()
  await openRouterChannel(world, rail)
  const clock = { now: () => Date.now() }
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const books = createBooks({ journal: memoryJournal(), clock })
  const stale: Estimate[] = []
  const estimate: Sender['estimate'] = async (query) => stale.shift() ?? rail.estimate(query)
  const payouts = createPayouts({
    readInvoice: readBolt11,
    books,
    senders: [{ ...rail, estimate }],
    rates,
    clock,
    ids: uuidIds(clock),
    policy: payoutPolicy,
    usd: USD,
    log,
  })
  await books.start()
  const legs = parties.map((party) => {
    const move = { kind: 'move', debit: 'rail:lightning:node', credit: `party:${party}` } as const
    return { ...move, asset: BTC, units: BALANCE_MSAT }
  })
  await books.submit({ entry: { id: `en_${'1'.repeat(32)}`, payment: 'seed', legs } })
  return {
    world,
    rail,
    books,
    payouts,
    stale,
    async close() {
      await payouts.close()
      await books.close()
      await world.close()
    },
  }
}
