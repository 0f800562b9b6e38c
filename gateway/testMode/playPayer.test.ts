import { expect, test } from 'vitest'
import { pageIntent } from '../../test/fixtures/pageIntents.ts'
import { EUR } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'
import type { Intent } from '../payins/intent/intent.ts'
import { createPlayPayer } from './playPayer.ts'

/** A local world that does what it is asked in silence until the test says that the gateway knows. */
function played(intent: Intent) {
  const tellers = new Set<(now: Intent) => void>()
  const asked: unknown[] = []
  const play = createPlayPayer({
    clock: { view: () => ({ now: 0, aheadS: 0 }), advance: async (to) => void asked.push(to), start: () => {} },
    world: {
      moveTo: async () => {},
      payInvoice: async (invoice) => void asked.push(invoice),
      transfer: async (order) => void asked.push(order),
    },
    intents: {
      get: () => intent,
      watch(_, tell) {
        tellers.add(tell)
        return () => void tellers.delete(tell)
      },
    },
  })
  const know = (now: Partial<Intent>) => {
    for (const tell of tellers) tell({ ...intent, ...now })
  }
  return { play, asked, know, tellers }
}
const bankOver = (amount: string) =>
  pageIntent({ offers: pageIntent().offers.map((one) => (one.rail === 'bank' ? { ...one, amount: parseAmount(amount, EUR) } : one)) })
const SURPLUS = [{ rail: 'bank', settlementId: 'bank:1', amount: parseAmount('1', EUR), reason: 'paid_partial' }] as const

test('half and too much are whole cents, and it answers when the gateway knows', async () => {
  const { play, asked, know, tellers } = played(bankOver('3.91'))
  const both = [play(pageIntent().id, 'half'), play(pageIntent().id, 'over')]
  know({})
  expect(tellers.size).toBe(2)
  know({ surplus: SURPLUS })
  await Promise.all(both)
  expect(asked).toEqual([
    { amount: '1.95', remittance: 'RF51SY1DEJMS7ZE6CTD7' },
    { amount: '7.82', remittance: 'RF51SY1DEJMS7ZE6CTD7' },
  ])
  expect(tellers.size).toBe(0)
})

test('what the bank cannot do is refused, and nothing is paid', async () => {
  const withoutBank = played(pageIntent({ offers: pageIntent().offers.filter(({ rail }) => rail !== 'bank') }))
  await expect(withoutBank.play(pageIntent().id, 'half')).rejects.toMatchObject({ code: 'invalid_request' })
  const cent = played(bankOver('0.01'))
  await expect(cent.play(pageIntent().id, 'half')).rejects.toMatchObject({ code: 'invalid_request' })
  expect([withoutBank.asked, cent.asked]).toEqual([[], []])
})

test('eight wait at once, and one that has ended makes room for another', async () => {
  const { play, asked, know } = played(pageIntent())
  const waiting = Array.from({ length: 8 }, () => play(pageIntent().id, 'pay'))
  await expect(play(pageIntent().id, 'pay')).rejects.toMatchObject({ code: 'too_busy' })
  know({ status: 'settled' })
  await Promise.all(waiting)
  expect(asked).toHaveLength(8)
  const next = play(pageIntent().id, 'pay')
  know({ status: 'settled' })
  await next
})
