import { describe, expect, test } from 'vitest'
import { type Death, dyingProcess } from '../../../test/tigerbeetle/dyingProcess.ts'
import { machineEngine } from '../../../test/tigerbeetle/machineEngine.ts'
import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import type { Books, Entry, Fact, Leg, Submission, SubmitOutcome } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Block, JournalStore } from '../../ports/journal.ts'
import type { LedgerEngine } from '../../ports/ledger.ts'
import { createBooks } from '../books/createBooks.ts'
import { memoryJournal } from '../books/memoryJournal.ts'
import { createDistributedBooks, type DistributedBooksOptions } from './createDistributedBooks.ts'

const PAYER = 'party:pa_payer'
const SELLER = 'party:pa_seller'

/** What outlives a process: the journal's blocks, the engine, and time. */
function outside() {
  let now = 1_800_000_000_000
  const clock = { now: () => now }
  const blocks: Block[] = []
  return {
    clock,
    blocks,
    engine: machineEngine(clock),
    advance(ms: number) {
      now += ms
    },
  }
}
type Outside = ReturnType<typeof outside>

async function open(world: Outside, more: Partial<DistributedBooksOptions> = {}): Promise<Books & { heard: Fact[] }> {
  const books = createDistributedBooks({ journal: memoryJournal(world.blocks), engine: world.engine, clock: world.clock, ...more })
  const heard: Fact[] = []
  books.listen((fact) => heard.push(fact))
  await books.start()
  return { ...books, heard }
}

function id(n: number): EntryId {
  return `en_${n.toString(16).padStart(30, '0')}00`
}

function entry(n: number, ...legs: Leg[]): Entry {
  return { id: id(n), payment: `pi_${n}`, legs }
}

function move(units: bigint, debit: string = PAYER, credit: string = SELLER): Leg {
  return { kind: 'move', debit, credit, asset: USD, units }
}

function hold(units: bigint, timeoutS = 0): Leg {
  return { kind: 'hold', debit: PAYER, credit: SELLER, asset: USD, units, timeoutS }
}

function post(n: number, units: bigint, leg = 0): Leg {
  return { kind: 'post', pending: { entry: id(n), leg }, asset: USD, units }
}

function fact(name: string): Fact {
  return { type: 'test.happened', id: name, at: 1, data: { units: '1' } }
}

function claim(key: string, fingerprint = 'f') {
  return { key, fingerprint }
}

const FUND: Submission = { entry: entry(1, move(100n, 'rail:book:house', PAYER)) }

/** One of everything: claims, facts, declines that burn ids and that do not, holds, posts, voids, replays and conflicts. */
const SCENARIO: readonly Submission[] = [
  FUND,
  { claims: [claim('a')], facts: [fact('paid')], entry: entry(2, move(30n), move(2n, PAYER, 'fee:earned')) },
  { claims: [claim('b')], facts: [fact('never')], entry: entry(3, move(1n), move(500n, PAYER, 'party:pa_other')) },
  { claims: [claim('alone')], facts: [fact('alone')] },
  { claims: [claim('c')], entry: entry(4, hold(20n)) },
  { claims: [claim('c')], entry: entry(5, move(1n)) },
  { entry: entry(6, post(4, 15n), move(1n)) },
  { entry: entry(7, post(4, 5n)) },
  { entry: entry(8, hold(5n)) },
  { entry: entry(9, { kind: 'void', pending: { entry: id(8), leg: 0 }, asset: USD }) },
  { claims: [claim('a', 'another')] },
  { claims: [claim('b', 'another')], facts: [fact('later')], entry: entry(10, move(3n)) },
  // Held only where so much would stay, which is held and let go in the same entry.
  { entry: entry(11, hold(1n), hold(30n), { kind: 'void', pending: { entry: id(11), leg: 1 }, asset: USD }) },
  { entry: entry(12, hold(1n), hold(500n), { kind: 'void', pending: { entry: id(12), leg: 1 }, asset: USD }) },
]

/** Balances that are not zero, as text. */
function balances(books: Books): string[] {
  return books
    .accounts('')
    .map((b) => `${b.path}: ${b.debitsPosted}/${b.creditsPosted} pending ${b.debitsPending}/${b.creditsPending}`)
    .sort()
}

async function submitInTurn(books: Books, submissions: readonly Submission[]): Promise<SubmitOutcome[]> {
  const outcomes: SubmitOutcome[] = []
  for (const submission of submissions) outcomes.push(await books.submit(submission))
  return outcomes
}

function kinds(outcomes: readonly SubmitOutcome[]): unknown[] {
  return outcomes.map((o) => (o.kind === 'declined' ? [o.kind, o.status, o.leg] : o.kind === 'conflict' ? [o.kind, o.with.key] : o.kind))
}

describe('the distributed books', () => {
  test('judge, book and tell as the embedded ones do', async () => {
    const world = outside()
    const books = await open(world)
    const embedded = createBooks({ journal: memoryJournal(), clock: world.clock })
    const heard: Fact[] = []
    embedded.listen((f) => heard.push(f))
    await embedded.start()
    const [theirs, ours] = [await submitInTurn(embedded, SCENARIO), await submitInTurn(books, SCENARIO)]
    expect(kinds(ours)).toEqual(kinds(theirs))
    expect(balances(books)).toEqual(balances(embedded))
    expect(books.heard).toEqual(heard)
    expect(SCENARIO.map(({ entry: e }) => e && books.entry(e.id))).toEqual(SCENARIO.map(({ entry: e }) => e && embedded.entry(e.id)))
    expect(await books.verify()).not.toHaveProperty('broken')
  })

  test('give the same after a restart', async () => {
    const world = outside()
    const first = await open(world)
    await submitInTurn(first, SCENARIO)
    const before = balances(first)
    await first.close()
    const again = await open(world)
    expect(balances(again)).toEqual(before)
    expect(again.heard).toEqual(first.heard)
    expect(again.head()).toEqual(first.head())
    expect(kinds(await submitInTurn(again, SCENARIO.slice(0, 3)))).toEqual(['replayed', 'replayed', ['conflict', 'b']])
  })

  test('answer copies that arrive at the same time as one, and what meets it', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    const paid: Submission = { claims: [claim('k')], entry: entry(2, move(10n)) }
    const outcomes = await Promise.all([
      ...Array.from({ length: 20 }, () => books.submit(paid)),
      books.submit({ claims: [claim('k', 'another')], entry: entry(3, move(10n)) }),
    ])
    expect(kinds(outcomes)).toEqual(['applied', ...Array(19).fill('replayed'), ['conflict', 'k']])
    expect(books.balance(SELLER, USD).creditsPosted).toBe(10n)
  })

  test('write a batch in two blocks, and facts alone in one', async () => {
    const world = outside()
    const books = await open(world)
    await Promise.all([
      books.submit(FUND),
      ...Array.from({ length: 50 }, (_, n) => books.submit({ entry: entry(10 + n, move(1n, 'rail:book:house')) })),
    ])
    expect(world.blocks).toHaveLength(2)
    await books.submit({ facts: [fact('alone')] })
    expect(world.blocks).toHaveLength(3)
  })
})

describe('a process that dies', () => {
  async function runUntil(world: Outside, death: Death): Promise<{ answered: number[]; calls: number }> {
    const process = dyingProcess(memoryJournal(world.blocks), world.engine, death)
    const books = createDistributedBooks({ journal: process.journal, engine: process.engine, clock: world.clock })
    await books.start()
    const answered: number[] = []
    const work = (async () => {
      for (const [i, submission] of SCENARIO.entries()) {
        const { kind } = await books.submit(submission)
        if (kind === 'applied' || kind === 'replayed') answered.push(i)
      }
    })()
    await Promise.race([work, process.died])
    return { answered, calls: process.calls() }
  }

  test('at any step leaves nothing half: what was answered stands, and the rest can be submitted again and gives the same books', async () => {
    const whole = outside()
    const { calls } = await runUntil(whole, { call: Number.POSITIVE_INFINITY, moment: 'before' })
    const expected = await open(whole)
    expect(calls).toBeGreaterThan(30)
    for (let call = 1; call <= calls; call++) {
      for (const moment of ['before', 'after'] as const) {
        const world = outside()
        const { answered } = await runUntil(world, { call, moment })
        // The one that takes over dies at its first step too.
        const second = dyingProcess(memoryJournal(world.blocks), world.engine, { call: 1, moment })
        const next = createDistributedBooks({ journal: second.journal, engine: second.engine, clock: world.clock })
        await Promise.race([next.start(), second.died])
        const books = await open(world)
        for (const i of answered) {
          const stands = SCENARIO[i]!.entry
          if (stands) expect(books.entry(stands.id), `${moment} call ${call}`).toEqual(expected.entry(stands.id))
        }
        await submitInTurn(books, SCENARIO)
        expect(balances(books), `${moment} call ${call}`).toEqual(balances(expected))
        expect(books.heard.map((f) => f.id).sort(), `${moment} call ${call}`).toEqual(expected.heard.map((f) => f.id).sort())
        expect(await books.verify()).not.toHaveProperty('broken')
      }
    }
  }, 60_000)

  test('with its transfers still on their way does not surprise the next: an entry that was declined can not be booked later', async () => {
    const world = outside()
    // A decline that does not burn: the sum does not fit, until a hold is released.
    const most = 2n ** 128n - 1n
    const big = (n: number, units: bigint): Submission => ({
      entry: entry(n, { kind: 'hold', debit: 'capital:a', credit: 'transit:b', asset: USD, units, timeoutS: 0 }),
    })
    const first = await open(world)
    await first.submit(big(2, most - 10n))
    const late: { deliver?: () => Promise<unknown> } = {}
    const slow: LedgerEngine = {
      ...world.engine,
      createTransfers: (batch) => {
        late.deliver = () => world.engine.createTransfers(batch)
        return new Promise(() => {})
      },
    }
    const dying = await open(world, { engine: slow })
    void dying.submit(big(3, 20n))
    while (!late.deliver) await new Promise((resolve) => setImmediate(resolve))
    // The next start asks again and gets the decline on record; then the hold goes, and the old request arrives.
    const next = await open(world)
    expect(await next.submit(big(3, 20n))).toMatchObject({ kind: 'declined', status: 'overflows_debits_pending' })
    await next.submit({ entry: entry(4, { kind: 'void', pending: { entry: id(2), leg: 0 }, asset: USD }) })
    expect(await late.deliver()).toMatchObject([{ status: 'id_already_failed' }])
    expect(next.balance('transit:b', USD).creditsPending).toBe(0n)
    expect(await next.verify()).not.toHaveProperty('broken')
  })
})

describe('an engine that does not answer', () => {
  test('leaves what was sent unknown, refuses the rest, and goes on when it is back', async () => {
    const world = outside()
    let down = false
    const silent = (): never => {
      throw new GatewayError('outcome_unknown', 'no answer')
    }
    // Takes effect, but the answer is lost.
    const engine: LedgerEngine = {
      ...world.engine,
      createTransfers: async (batch) => {
        const results = await world.engine.createTransfers(batch)
        return down ? silent() : results
      },
    }
    const books = await open(world, { engine })
    await books.submit(FUND)
    down = true
    const payment: Submission = { claims: [claim('k')], facts: [fact('paid')], entry: entry(2, move(10n), move(1n)) }
    expect(await books.submit(payment)).toEqual({ kind: 'unknown' })
    await expect(books.submit({ entry: entry(3, move(1n)) })).rejects.toMatchObject({ code: 'ledger_unavailable' })
    await expect(books.submit({ facts: [fact('alone')] })).rejects.toMatchObject({ code: 'ledger_unavailable' })
    expect(books.claim('k')).toBeUndefined()
    down = false
    while (books.claim('k') === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await books.submit(payment)).toMatchObject({ kind: 'replayed' })
    expect(await books.submit({ entry: entry(3, move(1n)) })).toMatchObject({ kind: 'applied' })
    expect(books.balance(SELLER, USD).creditsPosted).toBe(12n)
    expect(books.heard.map((f) => f.id)).toEqual(['paid'])
  })

  test('has no say in facts that come with the entries it was asked for', async () => {
    const world = outside()
    const dead: LedgerEngine = { ...world.engine, createTransfers: () => Promise.reject(new GatewayError('outcome_unknown', 'no answer')) }
    const books = await open(world, { engine: dead })
    const outcomes = await Promise.all([books.submit(FUND), books.submit({ claims: [claim('k')], facts: [fact('alone')] })])
    expect(kinds(outcomes)).toEqual(['unknown', 'applied'])
    expect([books.heard.map((f) => f.id), books.claim('k')?.seq]).toEqual([['alone'], 1])
    await books.close()
    const again = await open(world)
    expect([again.heard.map((f) => f.id), again.claim('k')?.seq, again.balance(PAYER, USD).creditsPosted]).toEqual([['alone'], 1, 100n])
  })

  test('until the books are closed leaves what was proposed to the next start', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    await books.close()
    const dead: LedgerEngine = { ...world.engine, createTransfers: () => Promise.reject(new GatewayError('outcome_unknown', 'no answer')) }
    const mute = await open(world, { engine: dead })
    expect(await mute.submit({ entry: entry(2, move(10n)) })).toEqual({ kind: 'unknown' })
    await mute.close()
    expect(world.engine.machine.account(world.engine.machine.accounts().next().value!.id)?.creditsPosted).toBe(0n)
    const next = await open(world)
    expect(next.balance(SELLER, USD).creditsPosted).toBe(10n)
    expect(await next.submit({ entry: entry(2, move(10n)) })).toMatchObject({ kind: 'replayed' })
  })

  test('at a start with something to resolve stops the start after its deadline', async () => {
    const world = outside()
    const process = dyingProcess(memoryJournal(world.blocks), world.engine, { call: 2, moment: 'before' })
    const books = createDistributedBooks({ journal: process.journal, engine: process.engine, clock: world.clock })
    await books.start()
    void books.submit(FUND)
    await process.died
    const dead: LedgerEngine = {
      ...world.engine,
      createAccounts: () => Promise.reject(new GatewayError('ledger_unavailable', 'no answer')),
    }
    await expect(open(world, { engine: dead, startDeadlineMs: 20 })).rejects.toMatchObject({ code: 'ledger_unavailable' })
    expect((await open(world)).balance(PAYER, USD).creditsPosted).toBe(100n)
  })
})

describe('an engine that contradicts the journal', () => {
  test('because it is another one stops the start', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    await books.close()
    await expect(open(world, { engine: machineEngine(world.clock) })).rejects.toThrow('is in the journal and not in the ledger engine')
  })

  test('because somebody else wrote to it is found by verify', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    const [house, payer] = [...world.engine.machine.accounts()].map((account) => account.id)
    await world.engine.createTransfers([
      { id: 77n, debitAccountId: house!, creditAccountId: payer!, amount: 5n, ledger: USD.ledger, code: 1 },
    ])
    expect((await books.verify()).broken).toContain('has 100 debits and 0 credits in the journal, 105 and 0 in the ledger engine')
  })

  test('because a transfer stands under an id of ours stops the books', async () => {
    const world = outside()
    const stopped: unknown[] = []
    const books = await open(world, { onStop: (error) => stopped.push(error) })
    await books.submit(FUND)
    const [house, payer] = [...world.engine.machine.accounts()].map((account) => account.id)
    const foreign = { id: 2n << 8n, debitAccountId: house!, creditAccountId: payer!, amount: 5n, ledger: USD.ledger, code: 1 }
    await world.engine.createTransfers([foreign])
    await expect(books.submit({ entry: entry(2, move(1n)) })).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(String(stopped)).toContain('has another transfer under the id of leg 0')
    await expect(books.submit(FUND)).rejects.toMatchObject({ code: 'outcome_unknown' })
  })
})

describe('a hold with a timeout', () => {
  test('is released in the books when the engine has released it, and not before', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    await books.submit({ entry: entry(2, hold(10n, 5)) })
    await books.submit({ entry: entry(3, hold(20n, 60)) })
    const pending = () => books.balance(PAYER, USD).debitsPending
    world.advance(4_000)
    await books.submit({ facts: [fact('early')] })
    expect(pending()).toBe(30n)
    // A timestamp is a few ns behind the clock it was taken from.
    world.advance(1_001)
    await books.submit({ facts: [fact('late')] })
    expect(pending()).toBe(20n)
    expect(await books.submit({ entry: entry(4, post(2, 10n)) })).toMatchObject({ kind: 'declined', status: 'pending_transfer_expired' })
    expect(await books.submit({ entry: entry(5, post(3, 20n)) })).toMatchObject({ kind: 'applied' })
    await books.close()
    const again = await open(world)
    expect(balances(again)).toEqual(balances(books))
    expect(await again.verify()).not.toHaveProperty('broken')
  })

  test('is released without other traffic too', async () => {
    const world = outside()
    const books = await open(world)
    await books.submit(FUND)
    await books.submit({ entry: entry(2, hold(10n, 1)) })
    world.advance(1_001)
    while (books.balance(PAYER, USD).debitsPending !== 0n) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(books.balance(SELLER, USD).creditsPending).toBe(0n)
    await books.close()
  })
})

test('books whose journal fails stop, and say so to all who wait', async () => {
  const world = outside()
  let broken = false
  const journal: JournalStore = memoryJournal(world.blocks)
  const failing: JournalStore = { ...journal, append: (block) => (broken ? Promise.reject(new Error('disk')) : journal.append(block)) }
  const stopped: unknown[] = []
  const books = await open(world, { journal: failing, onStop: (error) => stopped.push(error) })
  await books.submit(FUND)
  broken = true
  const outcomes = await Promise.allSettled([books.submit({ entry: entry(2, move(1n)) }), books.submit({ facts: [fact('x')] })])
  expect(outcomes.map((o) => o.status === 'rejected' && o.reason.code)).toEqual(['outcome_unknown', 'outcome_unknown'])
  expect(stopped).toHaveLength(1)
  broken = false
  const again = await open(world)
  expect(balances(again)).toEqual(['party:pa_payer: 0/100 pending 0/0', 'rail:book:house: 100/0 pending 0/0'])
})
