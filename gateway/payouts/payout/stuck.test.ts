import { expect, onTestFinished, test } from 'vitest'
import { boot, PAYEE, to, USDC } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { Outcome } from '../../ports/outcome.ts'

const WAIT = { timeout: 15_000 }
const STUCK: Outcome = { kind: 'unknown', checkAfterMs: 1, stuck: true, detail: 'look for it at the bank' }

/** An attempt that the bank will not end, and what the bank says from then on. */
async function stuck() {
  const w = await boot()
  onTestFinished(() => w.payouts.close())
  let [says, asked]: [() => Outcome, number] = [() => STUCK, 0]
  const { bank } = w.rails
  bank.manner = 'paySilently'
  bank.lookup = async () => {
    asked++
    return says()
  }
  const order = { source: PAYEE, amount: money(USDC, 1_000_000n), destinations: [to.iban], reference: 'r', createdBy: 'test' }
  const { id } = await w.payouts.create(order)
  const attempt = () => w.payouts.get(id).attempts[0]!
  await expect.poll(() => attempt().stuck, WAIT).toBe(true)
  /** Asked several times, so that what was said has been written, if it is written at all. */
  const hear = async (next: () => Outcome) => {
    says = next
    const from = asked
    await expect.poll(() => asked, WAIT).toBeGreaterThan(from + 2)
  }
  return { ...w, id, attempt, hear }
}

test.each<[string, () => Outcome]>([
  [
    'throws',
    () => {
      throw new Error('the folder is not there')
    },
  ],
  ['answers that it could not ask', () => ({ kind: 'unknown', checkAfterMs: 1, silent: true, detail: 'the node cannot be reached' })],
])('an attempt is stuck still, for the same reason, while its rail %s', async (_, silence) => {
  const w = await stuck()
  await w.hear(silence)
  expect(w.attempt()).toMatchObject({ outcome: 'unknown', stuck: true, detail: 'look for it at the bank' })
  expect(w.payouts.stuck({ limit: 1 })).toHaveLength(1)
  expect(() => w.payouts.byHand.stuckAmount(w.id, w.attempt().id)).not.toThrow()
})

test('an attempt is stuck no more when its rail says that it is under way', async () => {
  const w = await stuck()
  await w.hear(() => ({ kind: 'unknown', checkAfterMs: 1, detail: 'the bank has taken it' }))
  await expect.poll(() => w.attempt().detail, WAIT).toBe('the bank has taken it')
  expect(w.attempt().stuck).toBeUndefined()
  expect(() => w.payouts.byHand.stuckAmount(w.id, w.attempt().id)).toThrow('attempt_not_stuck')
})
