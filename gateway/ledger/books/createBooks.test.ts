import { describe, expect, test } from 'vitest'
import { uuidIds } from '../../../app/open/uuidIds.ts'
import { USD } from '../../money/asset.ts'
import type { Books, Entry, Fact, Leg, SubmitOutcome } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'
import { decodeBlock } from '../journal/blockData.ts'
import { createBooks } from './createBooks.ts'
import { memoryJournal } from './memoryJournal.ts'

const PAYER = 'party:pa_payer'
const SELLER = 'party:pa_seller'

function testClock(): Clock & { advance(ms: number): void } {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    advance(ms) {
      now += ms
    },
  }
}

type World = Readonly<{ books: Books; clock: ReturnType<typeof testClock>; journal: JournalStore; heard: Fact[]; newId: () => EntryId }>

async function openBooks(
  options: { journal?: JournalStore; clock?: ReturnType<typeof testClock>; queueMax?: number } = {},
): Promise<World> {
  const journal = options.journal ?? memoryJournal()
  const clock = options.clock ?? testClock()
  const books = createBooks({ journal, clock, ...(options.queueMax !== undefined && { queueMax: options.queueMax }) })
  const heard: Fact[] = []
  books.listen((fact) => heard.push(fact))
  await books.start()
  const ids = uuidIds(clock)
  return { books, clock, journal, heard, newId: () => ids.entry() }
}

function move(units: bigint, debit: string = PAYER, credit: string = SELLER): Leg {
  return { kind: 'move', debit, credit, asset: USD, units }
}

function entry(id: EntryId, ...legs: Leg[]): Entry {
  return { id, payment: 'pi_1', legs }
}

function fact(id: string): Fact {
  return { type: 'test.happened', id, at: 1, data: { units: '340282366920938463463374607431768211455' } }
}

async function fund(world: World, units: bigint, party = PAYER): Promise<void> {
  const outcome = await world.books.submit({ entry: entry(world.newId(), move(units, 'rail:book:house', party)) })
  expect(outcome.kind).toBe('applied')
}

function credit(world: World, path: string): bigint {
  const balance = world.books.balance(path, USD)
  return balance.creditsPosted - balance.debitsPosted
}

describe('submit', () => {
  test('books all legs of an entry and tells the facts before it answers', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const outcome = await world.books.submit({
      facts: [fact('a'), fact('b')],
      entry: entry(world.newId(), move(60n), move(3n, PAYER, 'fee:earned')),
    })
    expect(world.heard.map((f) => f.id)).toEqual(['a', 'b'])
    expect(outcome).toEqual({ kind: 'applied', seq: 2 })
    expect([credit(world, PAYER), credit(world, SELLER), credit(world, 'fee:earned')]).toEqual([37n, 60n, 3n])
  })

  test('say of what they show when it is durable, and that nobody knows once an append has failed', async () => {
    const real = memoryJournal()
    let disk = Promise.withResolvers<void>()
    const world = await openBooks({
      journal: {
        ...real,
        async append(block) {
          await disk.promise
          await real.append(block)
        },
      },
    })
    const { books } = world
    expect(books.durable()).toBeUndefined()
    const funded = fund(world, 5n)
    while (credit(world, PAYER) === 0n) await new Promise((resolve) => setImmediate(resolve))
    const durable = books.durable()
    expect([books.head().seq, credit(world, PAYER)]).toEqual([0, 5n])
    disk.resolve()
    await durable
    await funded
    expect([books.head().seq, books.durable()]).toEqual([1, undefined])

    disk = Promise.withResolvers()
    disk.promise.catch(() => undefined)
    const lost = fund(world, 5n)
    while (credit(world, PAYER) === 5n) await new Promise((resolve) => setImmediate(resolve))
    const unknown = books.durable()
    disk.reject(new Error('the disk is gone'))
    await expect(unknown).rejects.toMatchObject({ code: 'outcome_unknown' })
    await expect(books.durable()).rejects.toMatchObject({ code: 'outcome_unknown' })
    await expect(lost).rejects.toMatchObject({ code: 'outcome_unknown' })
    await books.close()
  })

  test('declines an entry that a balance does not cover, keeps nothing of it, and gives the same decline again after a top-up and a restart', async () => {
    const world = await openBooks()
    await fund(world, 10n)
    const tooMuch = entry(world.newId(), move(5n), move(6n, PAYER, 'party:pa_new'))
    const declined: SubmitOutcome = { kind: 'declined', status: 'exceeds_credits', leg: 1 }
    expect(await world.books.submit({ claims: [{ key: 'k', fingerprint: 'f' }], facts: [fact('never')], entry: tooMuch })).toEqual(declined)
    expect(credit(world, PAYER)).toBe(10n)
    expect(world.books.accounts('party:pa_new')).toEqual([])
    expect(world.books.claim('k')).toBeUndefined()
    expect(world.books.entry(tooMuch.id)).toBeUndefined()
    await fund(world, 90n)
    expect(await world.books.submit({ entry: tooMuch })).toEqual(declined)
    const again = await openBooks({ journal: world.journal, clock: world.clock })
    expect(await again.books.submit({ entry: tooMuch })).toEqual(declined)
    expect(await again.books.submit({ entry: entry(tooMuch.id, move(1n)) })).toMatchObject({ kind: 'conflict', with: { key: tooMuch.id } })
    expect(again.heard).toEqual([])
    expect(await again.books.verify()).not.toHaveProperty('broken')
  })

  test('a retry of the same entry is a replay, and with a changed leg a conflict', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const id = world.newId()
    expect(await world.books.submit({ entry: entry(id, move(10n), move(1n, PAYER, 'fee:earned')) })).toEqual({ kind: 'applied', seq: 2 })
    expect(await world.books.submit({ entry: entry(id, move(10n), move(1n, PAYER, 'fee:earned')) })).toEqual({ kind: 'replayed', seq: 2 })
    const changed = await world.books.submit({ entry: entry(id, move(10n), move(2n, PAYER, 'fee:earned')) })
    expect(changed).toMatchObject({ kind: 'conflict', with: { key: id, seq: 2 } })
    expect(credit(world, PAYER)).toBe(89n)
    expect(world.books.head().seq).toBe(2)
  })

  test('refuses an asset that would share a ledger with another', async () => {
    const world = await openBooks()
    await fund(world, 1n)
    const foreign: Leg = { ...move(1n), asset: { ...USD, id: 'GBP' } } as Leg
    await expect(world.books.submit({ entry: entry(world.newId(), foreign) })).rejects.toThrow('ledger 1 belongs to USD')
  })

  test('refuses an account outside of the chart of accounts', async () => {
    const world = await openBooks()
    await expect(world.books.submit({ entry: entry(world.newId(), move(1n, 'treasure:chest')) })).rejects.toThrow('chart of accounts')
  })

  test('refuses with too_busy when the queue is full, and takes nothing of what it refuses', async () => {
    const world = await openBooks({ queueMax: 3 })
    const all = Array.from({ length: 5 }, (_, i) => world.books.submit({ facts: [fact(String(i))] }))
    const settled = await Promise.allSettled(all)
    expect(settled.map((s) => s.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(settled[4]).toMatchObject({ reason: { code: 'too_busy' } })
    expect(world.heard.map((f) => f.id)).toEqual(['0', '1', '2'])
  })

  test('2000 submissions at once share a few blocks', async () => {
    const world = await openBooks()
    await fund(world, 2000n)
    const all = Array.from({ length: 2000 }, () => world.books.submit({ entry: entry(world.newId(), move(1n)) }))
    const outcomes = await Promise.all(all)
    expect(outcomes.every((o) => o.kind === 'applied')).toBe(true)
    expect(credit(world, SELLER)).toBe(2000n)
    expect(world.books.head().seq).toBeLessThanOrEqual(4)
  })
})

describe('claims', () => {
  test('100 concurrent copies of one claim: one is applied and 99 replay it', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const submission = { claims: [{ key: 'proof', fingerprint: 'f' }], facts: [fact('once')] }
    const all = Array.from({ length: 100 }, () => world.books.submit({ ...submission, entry: entry(world.newId(), move(1n)) }))
    const kinds = (await Promise.all(all)).map((o) => o.kind)
    expect(kinds.filter((k) => k === 'applied')).toHaveLength(1)
    expect(kinds.filter((k) => k === 'replayed')).toHaveLength(99)
    expect(credit(world, SELLER)).toBe(1n)
    expect(world.heard).toHaveLength(1)
  })

  test('a claim with another fingerprint conflicts, also within one block, and books nothing', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const [first, second] = await Promise.all([
      world.books.submit({ claims: [{ key: 'proof', fingerprint: 'f' }] }),
      world.books.submit({ claims: [{ key: 'proof', fingerprint: 'g' }], entry: entry(world.newId(), move(1n)) }),
    ])
    expect(first).toEqual({ kind: 'applied', seq: 2 })
    expect(second).toEqual({ kind: 'conflict', with: { key: 'proof', fingerprint: 'f', seq: 2 } })
    expect(credit(world, SELLER)).toBe(0n)
  })

  test('are all taken or none: one that stands alone, or two taken apart, conflict', async () => {
    const { books } = await openBooks()
    const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ key, fingerprint: 'f' })) as [{ key: string; fingerprint: string }, never, never]
    await books.submit({ claims: [a] })
    await books.submit({ claims: [b] })
    expect(await books.submit({ claims: [a, c] })).toMatchObject({ kind: 'conflict', with: { key: 'a', seq: 1 } })
    expect(books.claim('c')).toBeUndefined()
    expect(await books.submit({ claims: [a, b] })).toMatchObject({ kind: 'conflict' })
    expect(await books.submit({ claims: [b] })).toEqual({ kind: 'replayed', seq: 2 })
  })

  test('fresh claims beside an entry that is booked already are a conflict', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const booked = entry(world.newId(), move(1n))
    await world.books.submit({ claims: [{ key: 'a', fingerprint: 'f' }], entry: booked })
    expect(await world.books.submit({ claims: [{ key: 'b', fingerprint: 'f' }], entry: booked })).toMatchObject({ kind: 'conflict' })
    expect(world.books.claim('b')).toBeUndefined()
  })
})

describe('holds', () => {
  test('reserve, and are posted in part or voided by a later entry', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const held = entry(
      world.newId(),
      { ...move(40n), kind: 'hold', timeoutS: 0 } as Leg,
      { ...move(30n), kind: 'hold', timeoutS: 0 } as Leg,
    )
    await world.books.submit({ entry: held })
    expect(world.books.balance(PAYER, USD)).toMatchObject({ debitsPending: 70n, debitsPosted: 0n })
    expect(await world.books.submit({ entry: entry(world.newId(), move(31n)) })).toMatchObject({ status: 'exceeds_credits' })
    const release = entry(
      world.newId(),
      { kind: 'post', pending: { entry: held.id, leg: 0 }, asset: USD, units: 25n },
      { kind: 'void', pending: { entry: held.id, leg: 1 }, asset: USD },
    )
    expect(await world.books.submit({ entry: release })).toMatchObject({ kind: 'applied' })
    expect(world.books.balance(PAYER, USD)).toMatchObject({ debitsPending: 0n, debitsPosted: 25n })
    expect(world.books.entry(release.id)).toEqual(release)
    const late = entry(world.newId(), { kind: 'void', pending: { entry: held.id, leg: 0 }, asset: USD })
    expect(await world.books.submit({ entry: late })).toEqual({ kind: 'declined', status: 'pending_transfer_already_posted', leg: 0 })
  })

  test('expire by themselves, durably, and can not be posted after', async () => {
    const world = await openBooks()
    await fund(world, 100n)
    const held = entry(world.newId(), { ...move(100n), kind: 'hold', timeoutS: 60 } as Leg)
    await world.books.submit({ entry: held })
    world.clock.advance(60_001)
    expect(await world.books.submit({ entry: entry(world.newId(), move(100n)) })).toMatchObject({ kind: 'applied' })
    const post = entry(world.newId(), { kind: 'post', pending: { entry: held.id, leg: 0 }, asset: USD, units: 100n })
    expect(await world.books.submit({ entry: post })).toMatchObject({ status: 'pending_transfer_expired' })
    const again = await openBooks({ journal: world.journal, clock: world.clock })
    expect(again.books.balance(PAYER, USD)).toMatchObject({ debitsPending: 0n, debitsPosted: 100n })
  })
})

describe('a restart', () => {
  test('gives the same balances, claims, facts, entries and head', async () => {
    const world = await openBooks()
    await fund(world, 1000n)
    const kept = entry(world.newId(), move(7n), { ...move(5n), kind: 'hold', timeoutS: 3600 } as Leg)
    await world.books.submit({ claims: [{ key: 'k', fingerprint: 'f' }], facts: [fact('x')], entry: kept })
    await world.books.submit({ facts: [fact('y')] })
    const again = await openBooks({ journal: world.journal, clock: world.clock })
    expect(again.books.accounts('')).toEqual(world.books.accounts(''))
    expect(again.books.claim('k')).toEqual({ key: 'k', fingerprint: 'f', seq: 2 })
    expect(again.books.entry(kept.id)).toEqual(kept)
    expect(again.heard).toEqual(world.heard)
    expect(again.books.head()).toEqual(world.books.head())
    expect(await again.books.submit({ claims: [{ key: 'k', fingerprint: 'f' }] })).toEqual({ kind: 'replayed', seq: 2 })
    expect(await again.books.submit({ entry: kept })).toEqual({ kind: 'replayed', seq: 2 })
  })

  test('with a clock that was set back goes on in time: blocks and transfers strictly ascend', async () => {
    const blocks: Block[] = []
    const world = await openBooks({ journal: memoryJournal(blocks) })
    await fund(world, 1000n)
    world.clock.advance(-86_400_000)
    await world.books.submit({ entry: entry(world.newId(), move(7n)) })
    const again = await openBooks({ journal: memoryJournal(blocks), clock: world.clock })
    world.clock.advance(-86_400_000)
    await again.books.submit({ entry: entry(again.newId(), move(5n)) })
    const times = blocks.flatMap(({ data }) =>
      decodeBlock(data).records.flatMap((r) => (r.kind === 'transfer' ? r.transfer.timestamp : [])),
    )
    expect(times).toHaveLength(3)
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)))
    expect(new Set(times).size).toBe(3)
    expect(blocks.every((block, i) => i === 0 || block.at >= blocks[i - 1]!.at)).toBe(true)
  })

  test('verify recomputes the sums from the journal', async () => {
    const world = await openBooks()
    await fund(world, 1000n)
    await world.books.submit({ entry: entry(world.newId(), move(7n)) })
    expect(await world.books.verify()).toEqual({
      blocks: 2,
      head: world.books.head().hash,
      sums: [{ asset: 'USD', debits: 1007n, credits: 1007n }],
    })
  })
})

describe('a journal that fails', () => {
  test('stops the books: nothing is answered as done, told or taken any more', async () => {
    const inner = memoryJournal()
    let broken = false
    const journal: JournalStore = {
      ...inner,
      append: async (block) => {
        if (broken) throw new Error('disk full')
        await inner.append(block)
      },
    }
    const clock = testClock()
    const stopped: unknown[] = []
    const books = createBooks({ journal, clock, onStop: (error) => stopped.push(error) })
    const heard: string[] = []
    books.listen((f) => heard.push(f.id))
    await books.start()
    await books.submit({ facts: [fact('before')] })
    broken = true
    const lost = await Promise.allSettled([books.submit({ facts: [fact('during')] }), books.submit({ facts: [fact('beside')] })])
    broken = false
    const after = await Promise.allSettled([books.submit({ facts: [fact('after')] })])
    expect([...lost, ...after]).toMatchObject(Array(3).fill({ status: 'rejected', reason: { code: 'outcome_unknown' } }))
    expect(heard).toEqual(['before'])
    expect(stopped).toHaveLength(1)
    expect((await inner.head()).seq).toBe(1)
  })
})
