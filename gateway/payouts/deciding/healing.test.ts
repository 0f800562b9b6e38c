import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDice } from '../../../test/memory/dice.ts'
import { boot, expectBalanced, makeRails, PAYEE, type Rails, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { FAILURE_REASONS, type FailureReason, type Outcome } from '../../ports/outcome.ts'
import type { Attempt, Change, Destination, Sender } from '../../ports/sender.ts'
import { evolve } from '../payoutState/evolve.ts'
import { type PayoutFact, toMoneyData } from '../payoutState/facts.ts'
import type { AttemptState, Payout } from '../payoutState/payout.ts'
import type { PayoutView } from '../payoutState/view.ts'
import { changesAfter, HEALING, healingOf } from './healing.ts'

const OFFER: Destination = { kind: 'lightning_offer', offer: 'lno1' }
const INVOICE: Destination = { kind: 'lightning_invoice', invoice: 'lnbc1' }
const ASKED = { source: PAYEE, amount: money(USDC, 1_000_000n), reference: 'x', createdBy: 'test' }
const WAIT = { timeoutMs: 20_000 }

/** A world whose rails fail with this until a try has this change. */
async function failingUntil(rails: Rails, { reason, change, notBefore }: Failing): Promise<World & { heard: Attempt[] }> {
  const heard: Attempt[] = []
  rails.lightning.check = () => undefined
  const failing = (rail: Sender): Sender => ({
    ...rail,
    serves: rail.rail === 'lightning' ? [...rail.serves, 'lightning_offer'] : rail.serves,
    async send(attempt, o): Promise<Outcome> {
      heard.push(attempt)
      if (attempt.changed?.includes(change)) return rail.send(attempt, o)
      return { kind: 'failed', reason, ...(notBefore === undefined ? {} : { notBefore }) }
    },
  })
  const w = await boot({ rails, senders: [rails.lightning, rails.evm, rails.bank].map(failing) })
  onTestFinished(() => w.payouts.close())
  return { ...w, heard }
}
type Failing = Readonly<{ reason: FailureReason; change: Change; notBefore?: number }>

async function paid(w: World, destinations: readonly Destination[], more: object = {}): Promise<PayoutView> {
  const { id } = await w.payouts.create({ ...ASKED, destinations, ...more })
  return w.payouts.wait(id, WAIT)
}

describe('a way that failed is tried again with a change, and pays', () => {
  test.each<[string, Destination, FailureReason, Change, readonly Change[]]>([
    ['lightning', OFFER, 'no_route', 'fee_limit', ['fee_limit']],
    ['lightning', to.node, 'fee_above_limit', 'fee_limit', ['fee_limit']],
    ['lightning', to.node, 'insufficient_liquidity', 'later', ['later']],
    ['lightning', OFFER, 'rejected_by_payee', 'fresh_invoice', ['fresh_invoice']],
    ['lightning', OFFER, 'expired', 'fresh_invoice', ['fresh_invoice']],
    ['evm', to.evm, 'fee_above_limit', 'fee_limit', ['fee_limit']],
    ['evm', to.evm, 'insufficient_liquidity', 'later', ['later']],
    ['bank', to.iban, 'past_cut_off', 'next_window', ['next_window']],
    ['bank', to.iban, 'insufficient_liquidity', 'later', ['later']],
  ])('%s to %o after %s: %s', async (_, destination, reason, change, changed) => {
    const notBefore = change === 'next_window' ? { notBefore: Date.now() + 30 } : {}
    const w = await failingUntil(makeRails(), { reason, change, ...notBefore })
    const view = await paid(w, [destination])
    expect(view).toMatchObject({
      status: 'settled',
      attempts: [
        { reason, again: { change } },
        { changed, outcome: 'settled' },
      ],
    })
    expect(view.attempts).toHaveLength(2)
    const decision = w.payouts.decision(view.attempts[1]!.decisionId)
    expect(decision.candidates[0]).toMatchObject({ changed, why: expect.stringContaining('It failed before, and has ') })
    await expectBalanced(w)
  })
})

test('a higher limit is all that the payout may cost, and more than the one that failed', async () => {
  const w = await failingUntil(makeRails(), { reason: 'fee_above_limit', change: 'fee_limit' })
  await paid(w, [to.node])
  // 2,000 msat are what the rail proposes; 2 cents are 20,000 msat, what a payment of a dollar may cost.
  expect(w.heard.map(({ feeMax }) => feeMax.units)).toEqual([2_000n, 20_000n])
})

test('a limit that can be no higher is not tried again', async () => {
  const rails = makeRails()
  rails.lightning.terms = { feeMax: money(BTC, 20_000n) }
  const w = await failingUntil(rails, { reason: 'fee_above_limit', change: 'fee_limit' })
  const view = await paid(w, [to.node])
  expect(view).toMatchObject({ status: 'failed', failure: { code: 'attempts_failed' }, attempts: [{ reason: 'fee_above_limit' }] })
  expect(w.heard).toHaveLength(1)
  await expectBalanced(w)
})

test('another way goes first while one waits for its time, and what would come after the deadline is not waited for', async () => {
  const w = await failingUntil(makeRails(), { reason: 'insufficient_liquidity', change: 'later' })
  w.rails.lightning.terms = { successPpm: 999_000n }
  const view = await paid(w, [to.node, to.evm])
  expect(view.attempts.map(({ rail, changed }) => [rail, changed])).toEqual([
    ['lightning', undefined],
    ['evm:31337', undefined],
    [expect.any(String), ['later']],
  ])
  const bank = await failingUntil(makeRails(), { reason: 'past_cut_off', change: 'next_window', notBefore: Date.now() + 3_600_000 })
  const late = await paid(bank, [to.iban], { deliverBy: Date.now() + 60_000 })
  expect(late).toMatchObject({ status: 'failed', attempts: [{ reason: 'past_cut_off' }] })
  expect(late.attempts[0]!.again).toBeUndefined()
})

test('what waits for its time waits for the same time after a restart, and no rail is asked meanwhile', async () => {
  const at = Date.now() + 3_600_000
  const w = await failingUntil(makeRails(), { reason: 'past_cut_off', change: 'next_window', notBefore: at })
  const { id } = await w.payouts.create({ ...ASKED, destinations: [to.iban] })
  const again = { change: 'next_window', at: new Date(at).toISOString() }
  await expect.poll(() => w.payouts.get(id).attempts[0]?.again, { timeout: WAIT.timeoutMs }).toEqual(again)
  await w.payouts.close()
  let now = at - 1
  const restarted = await boot({ rails: w.rails, journal: w.journal, clock: { now: () => now } })
  onTestFinished(() => restarted.payouts.close())
  await restarted.payouts.resume()
  expect(restarted.payouts.get(id)).toMatchObject({ status: 'processing', attempts: [{ again }] })
  expect(w.rails.bank.heard).toEqual([])
  now = at
  expect(await restarted.payouts.wait(id, WAIT)).toMatchObject({ status: 'settled', attempts: [{}, { changed: ['next_window'] }] })
})

const id = 'po_1'
const amount = toMoneyData(money(USDC, 100n))
const PLACES: readonly Destination[] = [to.node, INVOICE, OFFER, { kind: 'lightning_address', address: 'a@b.example' }, to.evm, to.iban]
const RAILS = ['lightning', 'lightning', 'lightning', 'lightning', 'evm:31337', 'bank'] as const

/** Tries a way again and again, each with what the one before allows, and fails each with a reason of this list. */
function tryOn(destination: number, reasonOf: (n: number) => FailureReason): readonly AttemptState[] {
  const data = { source: PAYEE, amount, destinations: PLACES, reference: '', createdBy: 'test', hold: 'en_1' as const, claims: [] }
  let payout: Payout = evolve(undefined, { type: 'payout.created', id, at: 0, data })
  for (let n = 0; n < 50; n++) {
    const last = payout.attempts.at(-1)
    if (last && !last.failure?.again) break
    const changed = last && changesAfter(last)
    const way = { rail: RAILS[destination]!, destination, amount, feeMax: amount, ...(changed && { changed }) }
    const sent = { payout: id, decision: 'dec_0' as const, ...way, feesComeBy: 'outcome' as const, feeHeld: false } as const
    payout = evolve(payout, { type: 'attempt.sent', id: `at_${n}`, at: n, data: sent })
    const failure = { reason: reasonOf(n), detail: '', notBefore: n + 5 }
    const again = healingOf(payout, payout.attempts.at(-1)!, failure, { now: n, laterMs: 5 })
    const failed: PayoutFact = {
      type: 'attempt.failed',
      id: `at_${n}`,
      at: n,
      data: { payout: id, reason: failure.reason, detail: '', ...(again && { again }) },
    }
    payout = evolve(payout, failed)
  }
  return payout.attempts
}

test('whatever a way fails with, in 5,000 random orders, no two of its tries are the same, and they end', () => {
  const dice = createDice(7)
  let changed = 0
  for (let run = 0; run < 5_000; run++) {
    const tries = tryOn(dice.below(PLACES.length), () => dice.pick(FAILURE_REASONS))
    const terms = tries.map((tried) => [...new Set(tried.changed)].sort().join())
    expect(new Set(terms).size).toBe(tries.length)
    expect(tries.length).toBeLessThanOrEqual(6)
    changed += tries.length - 1
  }
  expect(changed).toBeGreaterThan(1_000)
})

test('an invoice is never changed for another, a keysend has no more parts, and what no row names is not tried again', () => {
  const changes = (place: Destination, reason: FailureReason) => tryOn(PLACES.indexOf(place), () => reason).at(-1)!.changed
  expect(changes(INVOICE, 'expired')).toBeUndefined()
  expect(changes(to.node, 'no_route')).toEqual(['fee_limit'])
  expect(changes(INVOICE, 'no_route')).toEqual(['more_parts', 'fee_limit'])
  for (const place of PLACES) for (const reason of ['rejected_by_rail', 'reverted'] as const) expect(changes(place, reason)).toBeUndefined()
})

describe('the page', () => {
  const page = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8')
  const [, section = ''] = page.split('## What is tried again, and with what change')
  const [told = ''] = section.split('\n## ')

  test('has the table, row by row', () => {
    const rows = Object.entries(HEALING).flatMap(([rail, row]) =>
      Object.entries(row).map(([reason, changes]) => [rail, `\`${reason}\``, changes.map((change) => `\`${change}\``).join(', then ')]),
    )
    const shown = told
      .split('\n')
      .filter((line) => /^\| [a-z]+ +\| `/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ) // prettier-ignore
    expect(shown).toEqual(rows)
  })

  test('names tests that are there', () => {
    const named = [...told.replaceAll(/\s+/g, ' ').matchAll(/(?:`([\w/.]+\.test\.ts)`|the same file), "([^"]+)"/g)]
    expect(named).toHaveLength(4)
    let file = ''
    for (const [, path, title] of named) {
      file = path ?? file
      expect(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')).toContain(`test('${title}'`)
    }
  })
})
