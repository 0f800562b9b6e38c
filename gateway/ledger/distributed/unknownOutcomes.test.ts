import { describe, expect, onTestFinished, test } from 'vitest'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { type MutedEngine, mutedEngine } from '../../../test/tigerbeetle/mutedEngine.ts'
import { USD } from '../../money/asset.ts'
import type { Books, Entry, Fact, Leg, Submission, SubmitOutcome } from '../../ports/books.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { memoryJournal } from '../books/memoryJournal.ts'
import { createDistributedBooks, type DistributedBooksOptions } from './createDistributedBooks.ts'

const SELLER = 'party:pa_seller'
const clock = { now: () => 1_800_000_000_000 }

type World = Readonly<{ books: Books; heard: string[]; link: MutedEngine }>

/** Books over an engine whose link can be cut, with a payer who has money. `wrapped` stands between the books and the link. */
async function open(
  o: { wrapped?: (engine: LedgerEngine) => LedgerEngine } & Pick<DistributedBooksOptions, 'queueMax'> = {},
): Promise<World> {
  const { wrapped = (engine) => engine, ...more } = o
  const link = mutedEngine(machineEngine(clock))
  const books = createDistributedBooks({ journal: memoryJournal(), engine: wrapped(link.engine), clock, ...more })
  const heard: string[] = []
  books.listen(({ id }) => heard.push(id))
  await books.start()
  await books.submit(FUND)
  onTestFinished(() => books.close())
  return { books, heard, link }
}

function entry(n: number, ...legs: Leg[]): Entry {
  return { id: `en_${n.toString(16).padStart(30, '0')}00`, payment: `pi_${n}`, legs }
}

function move(units: bigint, debit = 'party:pa_payer', credit = SELLER): Leg {
  return { kind: 'move', debit, credit, asset: USD, units }
}

function fact(id: string): Fact {
  return { type: 'test.happened', id, at: 1, data: {} }
}

function claim(key: string) {
  return { key, fingerprint: 'f' }
}

const FUND: Submission = { entry: entry(1, move(100n, 'rail:book:house', 'party:pa_payer')) }

function kinds(outcomes: readonly SubmitOutcome[]): string[] {
  return outcomes.map(({ kind }) => kind)
}

async function submitInTurn(books: Books, submissions: readonly Submission[]): Promise<SubmitOutcome[]> {
  const outcomes: SubmitOutcome[] = []
  for (const submission of submissions) outcomes.push(await books.submit(submission))
  return outcomes
}

describe('books whose engine does not answer', () => {
  test('leave unknown what was unknown once, however it is asked for, and tell what stands', async () => {
    const { books, heard, link } = await open()
    link.state = 'mute'
    const payment: Submission = { claims: [claim('k')], facts: [fact('paid')], entry: entry(2, move(10n)) }
    // A caller that repeats its request has its key again, and ids of its own.
    const repeated: Submission = { claims: [claim('k')], facts: [fact('paid again')], entry: entry(3, move(10n)) }
    const first = await Promise.all([books.submit(payment), books.submit(payment), books.submit(repeated)])
    expect(kinds(first)).toEqual(['unknown', 'unknown', 'unknown'])
    expect(kinds(await submitInTurn(books, [payment, repeated, FUND]))).toEqual(['unknown', 'unknown', 'replayed'])
    await expect(books.submit({ claims: [claim('other')], entry: entry(4, move(1n)) })).rejects.toMatchObject({
      code: 'ledger_unavailable',
    })
    link.state = 'whole'
    while (books.claim('k') === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(kinds(await submitInTurn(books, [payment, repeated]))).toEqual(['replayed', 'replayed'])
    expect([books.balance(SELLER, USD).creditsPosted, heard]).toEqual([10n, ['paid']])
  })

  test('do not refuse what was unknown because their queue is full then', async () => {
    let gate: Promise<unknown> | undefined
    const wrapped = (engine: LedgerEngine): LedgerEngine => ({
      ...engine,
      createTransfers: async (batch) => {
        await gate
        return engine.createTransfers(batch)
      },
    })
    const { books, link } = await open({ wrapped, queueMax: 1 })
    link.state = 'mute'
    const payment: Submission = { claims: [claim('k')], entry: entry(2, move(10n)) }
    expect(await books.submit(payment)).toEqual({ kind: 'unknown' })
    link.state = 'whole'
    while (books.claim('k') === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    const opened = Promise.withResolvers<void>()
    gate = opened.promise
    const others = [books.submit({ claims: [claim('slow')], entry: entry(3, move(1n)) })]
    await new Promise((resolve) => setImmediate(resolve))
    others.push(books.submit({ entry: entry(4, move(1n)) }))
    await expect(books.submit({ entry: entry(5, move(1n)) })).rejects.toMatchObject({ code: 'too_busy' })
    expect(await books.submit(payment)).toMatchObject({ kind: 'replayed' })
    expect(await books.submit({ claims: [claim('slow')], entry: entry(6, move(1n)) })).toEqual({ kind: 'unknown' })
    opened.resolve()
    expect(kinds(await Promise.all(others))).toEqual(['applied', 'applied'])
  })
})
