import { expect } from 'vitest'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { money } from '../../gateway/money/money.ts'
import type { JoinNet } from '../../gateway/payouts/netting/joinNet.ts'
import { createNetRecords, type NetRecords } from '../../gateway/payouts/netting/netRecords.ts'
import { createNetting, type Netting } from '../../gateway/payouts/netting/netting.ts'
import { netPolicy } from '../../gateway/payouts/netting/policy.ts'
import type { MemberView } from '../../gateway/payouts/netting/view.ts'
import type { PayoutPolicy } from '../../gateway/payouts/payoutState/policy.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import type { LedgerEngine } from '../../gateway/ports/ledger.ts'
import { boot as bootPayouts, expectBalanced, PAYEE, type Rails, to, USDC, type World } from '../payout/payoutWorld.ts'

export type NettingWorld = World & Readonly<{ netting: Netting; nets: NetRecords; closeAll(): Promise<void> }>

/** A gateway over these rails and this journal; both outlive it. */
export async function boot(
  o: { rails?: Rails; journal?: JournalStore; clock?: { now(): number }; engine?: LedgerEngine; policy?: Partial<PayoutPolicy> } = {},
): Promise<NettingWorld> {
  const clock = o.clock ?? { now: () => Date.now() }
  let nets: NetRecords | undefined
  const world = await bootPayouts({
    ...o,
    clock,
    prepare: (books) => {
      nets = createNetRecords(books)
    },
  })
  const { books, payouts } = world
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const policy = { ...netPolicy, retryMs: 5 }
  const netting = createNetting({ books, payouts, clock, ids: uuidIds(clock), policy, log, records: nets! })
  await payouts.resume()
  netting.start()
  const closeAll = async () => {
    await netting.close()
    await payouts.close()
  }
  return { ...world, netting, nets: nets!, closeAll }
}

let keys = 0

/** A payout of so many units that closes its net at three, or at 1,000 USDC, or after an hour. */
export function payoutOf(units: bigint, more: Partial<JoinNet> & { key?: string } = {}): JoinNet {
  const { key = `idem:netting:${++keys}`, ...rest } = more
  return {
    source: PAYEE,
    amount: money(USDC, units),
    destination: to.node,
    reference: '',
    createdBy: 'test',
    bounds: { unitsMax: 1_000_000_000n, countMax: 3, ageMsMax: 3_600_000 },
    along: () => ({ claims: [{ key, fingerprint: 'x' }], facts: [] }),
    ...rest,
  }
}

/** Waits until all these payouts have their end. */
export async function ended({ netting }: NettingWorld, ids: readonly string[]): Promise<MemberView[]> {
  const end = Date.now() + 20_000
  for (;;) {
    const views = ids.map((id) => netting.find(id)!)
    if (views.every((v) => v.status === 'settled' || v.status === 'failed')) return views
    if (Date.now() > end) throw new Error(`the end did not come: ${views.map((v) => v.status)}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** What must hold when all nets have their end, beside what holds of every payout: nothing is left between the members and their payment. */
export async function expectNetted(w: NettingWorld): Promise<void> {
  await expectBalanced(w)
  for (const a of w.books.accounts('netting')) expect([a.path, a.debitsPosted, a.debitsPending]).toEqual([a.path, a.creditsPosted, 0n])
}
