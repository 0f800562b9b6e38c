import { expect, onTestFinished, test } from 'vitest'
import { boot, makeRails, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { memoryJournal } from '../../ledger/books/memoryJournal.ts'
import { money } from '../../money/money.ts'

const PARTY_PAYS = 1_000

const WAIT = { timeout: 15_000 }
const ORDER = { source: PAYEE, amount: money(USDC, 1_000_000n), destinations: [to.iban], reference: 'r', createdBy: 'test' } as const

/** A payout that the bank will not end, and that a person has ended as failed. */
async function endedByHand({ payouts, books }: Awaited<ReturnType<typeof boot>>) {
  const { id } = await payouts.create(ORDER)
  await expect.poll(() => payouts.get(id).attempts[0]?.stuck, WAIT).toBe(true)
  const attempt = payouts.get(id).attempts[0]!.id
  const said = { outcome: 'failed', action: 'sa_1', by: 'anna', reason: 'the bank says no', at: 5 } as const
  await books.submit(payouts.byHand.ruling(id, attempt, said))
  payouts.byHand.goOn(id)
  return { id, attempt }
}

test('what a rail says of an attempt that persons have ended otherwise is shown to a person, and changes nothing', async () => {
  const [rails, journal] = [makeRails(), memoryJournal()]
  rails.bank.manner = 'stuck'
  const first = await boot({ rails, journal })
  const { id, attempt } = await endedByHand(first)
  expect(await first.payouts.wait(id, { timeoutMs: 15_000 })).toMatchObject({ status: 'failed' })
  expect(first.payouts.contradictions()).toEqual([])
  await first.payouts.close()

  rails.bank.release()
  const second = await boot({ rails, journal })
  onTestFinished(() => second.payouts.close())
  await second.payouts.resume()
  await expect.poll(() => second.payouts.contradictions(), WAIT).toMatchObject([{ rail: 'bank', detail: expect.stringContaining(attempt) }])
  expect(second.payouts.get(id)).toMatchObject({ status: 'failed', attempts: [{ outcome: 'failed' }] })
})

test('what was ended by hand is asked for still when its party has made a thousand payouts since', async () => {
  const [rails, journal] = [makeRails(), memoryJournal()]
  rails.bank.manner = 'stuck'
  const first = await boot({ rails, journal })
  const { id, attempt } = await endedByHand(first)
  await first.payouts.wait(id, { timeoutMs: 15_000 })
  const small = { ...ORDER, amount: money(USDC, 1n), destinations: [to.party] }
  for (let made = 0; made < PARTY_PAYS; made++) await first.payouts.wait((await first.payouts.create(small)).id, { timeoutMs: 15_000 })
  await first.payouts.close()

  rails.bank.release()
  const second = await boot({ rails, journal })
  onTestFinished(() => second.payouts.close())
  await second.payouts.resume()
  await expect.poll(() => second.payouts.contradictions(), WAIT).toMatchObject([{ rail: 'bank', detail: expect.stringContaining(attempt) }])
})
