import { expect, onTestFinished, test } from 'vitest'
import { boot, makeRails, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { money } from '../../money/money.ts'
import type { JournalStore } from '../../ports/journal.ts'

// A gateway goes on after a copy of its books was made; then the copy is opened, and knows nothing of what was paid meanwhile.
const WAIT = { timeout: 15_000 }

const SAID = { action: 'sa_1', by: 'anna', reason: 'looked it up', evidence: 'REF-1', at: 5 } as const

const order = { source: PAYEE, amount: money(USDC, 1_000_000n), destinations: [to.iban], reference: 'r', createdBy: 'test' }

async function copyOf(journal: JournalStore): Promise<JournalStore> {
  const copy = memoryJournal()
  for await (const block of journal.read(0)) await copy.append(block)
  return copy
}

/** A payout without a try in the copy, and paid by the gateway that was copied. */
async function paidAfterCopy() {
  const rails = makeRails()
  const journal = memoryJournal()
  const { bank } = rails
  bank.estimates = 'throw'
  const first = await boot({ rails, journal })
  const { id } = await first.payouts.create(order)
  await expect.poll(() => first.payouts.get(id).decisionId, WAIT).toBeDefined()
  const copy = await copyOf(journal)
  const restoredFrom = Date.now()
  await expect.poll(() => Date.now(), WAIT).toBeGreaterThan(restoredFrom)
  bank.estimates = 'answer'
  await expect.poll(() => first.payouts.get(id).status, WAIT).toBe('settled')
  await first.payouts.close()
  const paid = () => bank.paid.length
  return { id, copy, restoredFrom, rails, paid }
}

test('a payout that was open in the copy is not paid again: its first try waits for a person', async () => {
  const { id, copy, restoredFrom, rails, paid } = await paidAfterCopy()
  expect(paid()).toBe(1)
  const second = await boot({ rails, journal: copy, policy: { restoredFrom } })
  onTestFinished(() => second.payouts.close())
  await second.payouts.resume()
  await expect.poll(() => second.payouts.get(id).attempts[0], WAIT).toMatchObject({ outcome: 'unknown', stuck: true })
  expect(second.payouts.get(id).attempts[0]?.detail).toContain('restored from a backup')
  expect(second.payouts.stuck({ limit: 1 })).toHaveLength(1)
  expect(paid()).toBe(1)
  // What is asked of it from now on is paid.
  const { id: fresh } = await second.payouts.create(order)
  await expect.poll(() => second.payouts.get(fresh).status, WAIT).toBe('settled')
  expect(paid()).toBe(2)
})

test.each(['settled', 'failed'] as const)('a person who says that it is %s ends it, and no rail hears of it', async (outcome) => {
  const { id, copy, restoredFrom, rails, paid } = await paidAfterCopy()
  const second = await boot({ rails, journal: copy, policy: { restoredFrom } })
  onTestFinished(() => second.payouts.close())
  await second.payouts.resume()
  await expect.poll(() => second.payouts.get(id).attempts[0], WAIT).toMatchObject({ stuck: true })
  const attempt = second.payouts.get(id).attempts[0]!.id
  await second.books.submit(second.payouts.byHand.ruling(id, attempt, { ...SAID, outcome }))
  second.payouts.byHand.goOn(id)
  await expect.poll(() => second.payouts.get(id).status, WAIT).toBe(outcome)
  expect(paid()).toBe(1)
})
