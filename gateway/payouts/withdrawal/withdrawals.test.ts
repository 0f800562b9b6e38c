import { describe, expect, onTestFinished, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { createBooks } from '../../ledger/books/createBooks.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { createDistributedBooks } from '../../ledger/distributed/createDistributedBooks.ts'
import { BTC, EUR } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { move } from '../../payins/settlement/legs.ts'
import type { ChainWallet, WithdrawalProgress } from '../../ports/chainWallet.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { createWithdrawals } from './withdrawals.ts'

const NOW = 1_800_000_000_000
const CAPITAL = money(BTC, 10_000_000n)
const OWED = money(BTC, 5_000_000n)
const FEE = money(BTC, 141_000n)
const wish = (units: bigint) => ({ address: 'bcrt1q', amount: money(BTC, units), feeRateSatPerVb: 1n, feeMax: undefined })
const along = () => ({ claims: [], facts: [] })

/** A wallet that signs when it is told to, and remembers what it was told. */
function fakeWallet() {
  const begun = new Map<string, bigint>()
  let answer: 'silent' | 'sent' | 'final' | 'refused' = 'sent'
  let coins = 0
  const waiting: (() => void)[] = []
  const progress = (id: string): WithdrawalProgress => {
    const transaction = `tx of ${id}`
    if (answer === 'final') {
      const evidence = { rail: 'lightning', id: transaction, at: NOW } as const
      return { outcome: { kind: 'settled', evidence, fee: FEE }, transaction, confirmations: 6 }
    }
    if (answer === 'refused')
      return { outcome: { kind: 'failed', reason: 'rejected_by_rail', detail: 'no' }, transaction: undefined, confirmations: 0 }
    const outcome = { kind: 'unknown', checkAfterMs: 1, detail: answer } as const
    return { outcome, transaction: answer === 'sent' ? transaction : undefined, confirmations: 0 }
  }
  const wallet: ChainWallet = {
    place: 'wallet',
    planWithdrawal: async ({ address, amount }) => {
      if (amount === 'all') throw new Error('not asked here')
      return { address, amount, fee: FEE, inputs: [`${++coins}:0`] }
    },
    withdraw: async (id, plan) => {
      if (answer === 'sent' || answer === 'final') begun.set(id, plan.amount.units)
      for (const wake of waiting.splice(0)) wake()
      return progress(id)
    },
  }
  return {
    wallet,
    begun,
    say: (now: typeof answer) => {
      answer = now
    },
    sameCoins: () => {
      coins = 0
    },
    asked: () => new Promise<void>((resolve) => waiting.push(resolve)),
  }
}

type WorldOptions = { journal?: ReturnType<typeof memoryJournal>; outside?: ReturnType<typeof fakeWallet>; engine?: LedgerEngine }

async function world(o: WorldOptions = {}) {
  const clock = { now: () => NOW }
  const [ids, journal, outside] = [uuidIds(clock), o.journal ?? memoryJournal(), o.outside ?? fakeWallet()]
  const books = o.engine ? createDistributedBooks({ journal, engine: o.engine, clock }) : createBooks({ journal, clock })
  const errors: unknown[] = []
  const withdrawals = createWithdrawals({
    books,
    wallet: { ...outside.wallet, rail: 'lightning' },
    clock,
    ids,
    assetOf: () => BTC,
    bookAsset: EUR,
    log: { warn: () => undefined, error: () => undefined },
    onFatal: (error) => void errors.push(error),
  })
  await books.start()
  if (!o.journal) {
    // Half as much again lies there and belongs to a party.
    const legs = [move('rail:lightning:wallet', 'fx:BTC/EUR', CAPITAL), move('rail:lightning:wallet', 'party:pa_payee', OWED)]
    await books.submit({ entry: { id: ids.entry(), payment: 'capital', legs } })
  }
  const close = async () => {
    await withdrawals.close()
    await books.close()
  }
  onTestFinished(async () => {
    await close().catch(() => undefined)
    expect(errors).toEqual([])
  })
  const posted = (path: string) => {
    const { debitsPosted, creditsPosted } = books.balance(path, BTC)
    return debitsPosted - creditsPosted
  }
  const until = async (id: string, status: string) => {
    while (withdrawals.get(id).status !== status) await new Promise((resolve) => setTimeout(resolve, 1))
    return withdrawals.get(id)
  }
  return { books, journal, withdrawals, outside, posted, until, close }
}

describe('a withdrawal', () => {
  test('that the books do not know to have begun is never refused as not taken, and goes on once when they know', async () => {
    const link = mutedEngine(machineEngine({ now: () => NOW }))
    const w = await world({ engine: link.engine })
    w.outside.say('final')
    const keyed = () => ({ claims: [{ key: 'idem:k', fingerprint: 'f' }], facts: [] })
    link.state = 'mute'
    const both = await Promise.allSettled([w.withdrawals.create(wish(4_000_000n), keyed), w.withdrawals.create(wish(4_000_000n), keyed)])
    expect(both).toMatchObject([{ reason: { code: 'outcome_unknown' } }, { reason: { code: 'outcome_unknown' } }])
    link.state = 'whole'
    while (w.withdrawals.list().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const [made, ...more] = w.withdrawals.list()
    expect(more).toEqual([])
    await w.until(made!.id, 'settled')
    expect([...w.outside.begun.keys()]).toEqual([made!.id])
  })

  test('is held until the rail calls it final, and then booked with its fee', async () => {
    const w = await world()
    const metadata = { book: '7' }
    const made = await w.withdrawals.create({ ...wish(4_000_000n), metadata }, along)
    expect(made).toMatchObject({ status: 'begun', transaction: undefined, metadata })
    expect(w.posted('rail:lightning:wallet')).toBe(15_000_000n)
    expect(w.books.balance('rail:lightning:wallet', BTC).creditsPending).toBe(4_141_000n)
    expect(w.withdrawals.inFlight()).toMatchObject([{ place: 'wallet', amount: money(BTC, 4_141_000n) }])
    await w.outside.asked()
    w.outside.say('final')
    expect(await w.until(made.id, 'settled')).toMatchObject({ transaction: `tx of ${made.id}`, metadata })
    expect([w.posted('rail:lightning:wallet'), w.posted('fx:BTC/EUR'), w.posted('fee:paid:lightning')]).toEqual([
      10_859_000n,
      -6_000_000n,
      141_000n,
    ])
    expect(w.books.balance('rail:lightning:wallet', BTC).creditsPending).toBe(0n)
    expect(w.withdrawals.inFlight()).toEqual([])
  })

  test('that the rail refuses gives everything back', async () => {
    const w = await world()
    w.outside.say('refused')
    const made = await w.withdrawals.create(wish(4_000_000n), along)
    expect(await w.until(made.id, 'failed')).toMatchObject({ detail: 'no', transaction: undefined })
    expect(w.posted('rail:lightning:wallet')).toBe(15_000_000n)
    expect(w.books.balance('rail:lightning:wallet', BTC).creditsPending).toBe(0n)
  })

  test('of what is owed to others is refused by the books, and the rail never hears of it', async () => {
    const w = await world()
    await expect(w.withdrawals.create(wish(10_000_001n), along)).rejects.toMatchObject({ code: 'insufficient_balance' })
    expect(w.withdrawals.list()).toEqual([])
    expect(w.outside.begun.size).toBe(0)
    await w.withdrawals.create(wish(10_000_000n), along)
  })

  test('takes coins that no other takes', async () => {
    const w = await world()
    w.outside.say('silent')
    await w.withdrawals.create(wish(1_000_000n), along)
    w.outside.sameCoins()
    await expect(w.withdrawals.create(wish(1_000_000n), along)).rejects.toMatchObject({ code: 'request_in_progress' })
    expect(w.withdrawals.list()).toHaveLength(1)
  })

  test('is found again after a crash, whether the rail had heard of it or not, and paid once', async () => {
    const outside = fakeWallet()
    outside.say('silent')
    const first = await world({ outside })
    const made = await first.withdrawals.create(wish(2_000_000n), along)
    await outside.asked()
    await first.close()
    expect(outside.begun.size).toBe(0)
    outside.say('sent')
    const second = await world({ journal: first.journal, outside })
    expect(second.withdrawals.get(made.id)).toMatchObject({ status: 'begun', plan: made.plan })
    second.withdrawals.start()
    await outside.asked()
    await second.close()
    outside.say('final')
    const third = await world({ journal: first.journal, outside })
    third.withdrawals.start()
    await third.until(made.id, 'settled')
    expect([...outside.begun]).toEqual([[made.id, 2_000_000n]])
    expect(third.posted('fx:BTC/EUR')).toBe(-8_000_000n)
  })

  test('of a node without a wallet of ours is refused', async () => {
    const clock = { now: () => NOW }
    const books = createBooks({ journal: memoryJournal(), clock })
    const withdrawals = createWithdrawals({
      books,
      wallet: undefined,
      clock,
      ids: uuidIds(clock),
      assetOf: () => BTC,
      bookAsset: EUR,
      log: { warn: () => undefined, error: () => undefined },
      onFatal: () => undefined,
    })
    await expect(withdrawals.create(wish(1n), along)).rejects.toMatchObject({ code: 'not_found' })
    expect(() => withdrawals.get('wd_none')).toThrow(/no withdrawal/)
  })
})
