import { expect, onTestFinished, test } from 'vitest'
import { boot, ended, expectNetted, type NettingWorld, payoutOf } from '../../../test/netting/nettingWorld.ts'
import { PAYEE, to } from '../../../test/payout/payoutWorld.ts'
import type { Destination } from '../../ports/sender.ts'
import { type PayoutLimits, payoutLimits } from '../payoutState/limits.ts'

async function world(limits: PayoutLimits): Promise<NettingWorld> {
  const w = await boot({ policy: { limits } })
  onTestFinished(() => w.closeAll())
  return w
}

const partyOf = (more: Partial<PayoutLimits['party']>): PayoutLimits => ({ ...payoutLimits, party: { ...payoutLimits.party, ...more } })
const account = (n: number): Destination => ({ kind: 'evm_address', address: `0x${n.toString(16).padStart(40, '0')}` })

test('a party has no more nets open than payouts, also when it asks for them at once', async () => {
  const w = await world(partyOf({ openMax: 5 }))
  const joins = await Promise.allSettled(Array.from({ length: 12 }, (_, i) => w.netting.join(payoutOf(1n, { destination: account(i) }))))
  expect(joins.filter(({ status }) => status === 'fulfilled').length).toBe(5)
  expect(joins.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'too_many_open' } })
  expect(w.nets.openCount()).toBe(5)
})

test('many payouts in one net count as one, and weigh as all of them', async () => {
  const w = await world(partyOf({ openMax: 1, openNanoMax: 25_000n }))
  const joined = [await w.netting.join(payoutOf(10n)), await w.netting.join(payoutOf(10n))]
  await expect(w.netting.join(payoutOf(10n))).rejects.toMatchObject({ code: 'too_many_open', meta: { of: PAYEE } })
  joined.push(await w.netting.join(payoutOf(5n)))
  await ended(
    w,
    joined.map(({ id }) => id),
  )
  await expectNetted(w)
  await w.netting.join(payoutOf(10n))
})

test('the payment of a net is made whatever its party asks for meanwhile, because its members were admitted', async () => {
  const w = await world(partyOf({ openMax: 1 }))
  w.rails.lightning.manner = 'stuck'
  const ids = [(await w.netting.join(payoutOf(10_000n, { destination: to.evm }))).id]
  const { amount, source, reference, createdBy } = payoutOf(1_000n)
  const other = w.payouts.create({ source, amount, destinations: [to.node], reference, createdBy })
  await expect(other).rejects.toMatchObject({ code: 'too_many_open' })
  for (let i = 0; i < 2; i++) ids.push((await w.netting.join(payoutOf(10_000n, { destination: to.evm }))).id)
  expect((await ended(w, ids)).map(({ status }) => status)).toEqual(['settled', 'settled', 'settled'])
})
