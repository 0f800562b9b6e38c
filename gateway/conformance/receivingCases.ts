import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { OfferTerms, Settlement } from '../ports/receiver.ts'
import { eventually, patienceMs, type RailCase, type RailUnderTest, shown } from './railUnderTest.ts'

const OFFER_MS = 600_000

/** Money in, for the ability `receives`. */
export function receivingCases(world: () => RailUnderTest): RailCase[] {
  return [
    { name: 'an offer that is paid is told once, whole, by the name that its terms promised', run: () => receives(world()) },
    { name: 'settlements come in one order, and none is missing behind any of them', run: () => inOrder(world()) },
    { name: 'what came before the rail was opened again is told behind the last cursor', run: () => tellsLate(world()) },
  ]
}

async function receives(w: RailUnderTest): Promise<void> {
  const terms = await offered(w)
  assert.deepEqual([terms.rail, terms.amount], [w.rail().rail, w.amount])
  const reference = await paid(w, terms)
  const all = await received(w, '', Number.POSITIVE_INFINITY, [reference, await paid(w, await offered(w))])
  const [one, ...others] = all.filter((settlement) => settlement.reference === reference)
  assert.deepEqual(others, [])
  assert.deepEqual([one?.rail, one?.amount, one?.reference], [w.rail().rail, w.amount, reference], shown(one))
}

/** What was told before a cursor may be told again behind it, because its id is booked once. What was told after it may not be missing. */
async function inOrder(w: RailUnderTest): Promise<void> {
  const references = [await paid(w, await offered(w)), await paid(w, await offered(w))]
  const all = await received(w, '', Number.POSITIVE_INFINITY, references)
  const ids = all.map(({ id }) => id)
  assert.equal(new Set(ids).size, all.length, 'two settlements have one id')
  for (const [i, { cursor }] of all.slice(0, -1).entries()) {
    const [before, rest] = [ids.slice(0, i + 1), ids.slice(i + 1)]
    const behind = (await received(w, cursor, Number.POSITIVE_INFINITY, references.slice(-1))).map(({ id }) => id)
    assert.deepEqual(
      behind.filter((id) => !before.includes(id)),
      rest,
      'the stream goes on otherwise behind a cursor',
    )
  }
}

async function tellsLate(w: RailUnderTest): Promise<void> {
  const reference = await paid(w, await offered(w))
  const known = await received(w, '', Number.POSITIVE_INFINITY, reference)
  const late = await paid(w, await offered(w))
  await w.reopen()
  const told = await received(w, known.at(-1)?.cursor ?? '', Number.POSITIVE_INFINITY, late)
  const fresh = told.filter(({ id }) => !known.some((one) => one.id === id))
  assert.deepEqual(
    fresh.map((one) => one.reference),
    [late],
    `behind the last cursor comes ${shown(fresh)}`,
  )
  await eventually(w, {
    what: 'behind a cursor comes what was told before it, however often it is read again',
    ask: async () => {
      const again = await received(w, '', Number.POSITIVE_INFINITY, reference)
      return (await received(w, again.at(-1)?.cursor ?? '', 1))[0]?.reference
    },
    until: (next) => next === late,
  })
}

function offered(w: RailUnderTest): Promise<OfferTerms> {
  const rail = w.rail()
  assert.ok(rail.offer, 'the ability receives needs offers')
  const ref = `0x${randomBytes(32).toString('hex')}` as const
  return rail.offer({ amount: w.amount, ref, splitId: ref, expiresAt: Date.now() + OFFER_MS, description: 'conformance' })
}

async function paid(w: RailUnderTest, terms: OfferTerms): Promise<string> {
  assert.ok(w.pay, 'the ability receives needs `pay`')
  return w.pay(terms)
}

/** What came in behind a cursor: so many, or as many as there are until all of these references were told. */
async function received(w: RailUnderTest, after: string, count: number, until: string | readonly string[] = []): Promise<Settlement[]> {
  const stream = w.rail().settlements?.(after, { signal: AbortSignal.timeout(patienceMs(w)) })
  assert.ok(stream, 'the ability receives needs a stream of settlements')
  const all: Settlement[] = []
  const missing = new Set(typeof until === 'string' ? [until] : until)
  for await (const settlement of stream) {
    if (settlement.kind !== 'received') continue
    all.push(settlement)
    missing.delete(settlement.reference ?? '')
    if (all.length >= count || (missing.size === 0 && count === Number.POSITIVE_INFINITY)) return all
  }
  return assert.fail(`the stream told ${all.length} settlements and then nothing: ${shown(all.slice(-3))}`)
}
