import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { OfferTerms, Settlement } from '../ports/receiver.ts'
import { patienceMs, type RailCase, type RailUnderTest, shown } from './railUnderTest.ts'

const OFFER_MS = 600_000

/** Money in, for the ability `receives`. */
export function receivingCases(world: () => RailUnderTest): RailCase[] {
  return [
    { name: 'an offer that is paid is told once, whole, by the name that its terms promised', run: () => receives(world()) },
    { name: 'settlements come in one order, and go on behind any of them', run: () => inOrder(world()) },
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

async function inOrder(w: RailUnderTest): Promise<void> {
  const references = [await paid(w, await offered(w)), await paid(w, await offered(w))]
  const all = await received(w, '', Number.POSITIVE_INFINITY, references)
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length, 'two settlements have one id')
  for (const [i, { cursor }] of all.entries()) {
    const rest = all.slice(i + 1)
    if (rest.length === 0) continue
    assert.deepEqual(
      (await received(w, cursor, rest.length)).map(({ id }) => id),
      rest.map(({ id }) => id),
      'the stream goes on otherwise behind a cursor',
    )
  }
}

async function tellsLate(w: RailUnderTest): Promise<void> {
  const reference = await paid(w, await offered(w))
  const known = await received(w, '', Number.POSITIVE_INFINITY, reference)
  const late = await paid(w, await offered(w))
  await w.reopen()
  const [next] = await received(w, known.at(-1)?.cursor ?? '', 1, late)
  assert.equal(next?.reference, late, `behind the last cursor comes ${shown(next)}`)
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
