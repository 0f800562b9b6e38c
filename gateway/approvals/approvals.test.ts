import { describe, expect, test } from 'vitest'
import { openBankWings } from '../../test/payout/bankWings.ts'
import { to } from '../../test/payout/payoutWorld.ts'
import { EUR } from '../money/asset.ts'
import { usd } from '../money/dollars.ts'
import { type Money, money } from '../money/money.ts'
import type { PartyId } from '../ports/ids.ts'
import type { Approval, Hand } from './approval.ts'
import { openApprovals } from './openApprovals.ts'

const WAIT_MS = 3_600_000
const DAY_MS = 86_400_000
const AMOUNT = money(EUR, 5_000_000n)
const along = () => ({ claims: [], facts: [] })
const hand = (person: string): Hand => ({ by: 'pa_somebody', person, key: undefined })
const yes = { hand: hand('Max'), as: 'party', along } as const

/** Approvals of a party with euros, at a clock that the test moves. */
async function openWorld() {
  const w = await openBankWings(({ ground, ledger, payouts }) => {
    const parts = { books: ledger.books, payouts, payoutsUsdMax: usd('10'), waitMs: WAIT_MS, operatorKeys: false }
    return openApprovals(ground, parts)
  })
  const approvals = w.above
  const held = () => w.books.balance(w.source, EUR).debitsPending
  /** Mia asks for a payout. */
  async function ask(amount: Money = AMOUNT): Promise<Approval> {
    let asked: Approval | undefined
    const payout = w.ids.payout()
    const order = { payout, source: w.source, destinations: [to.iban], reference: 'rent', feeMax: '0' }
    const said = { what: 'POST /v1/payouts', fingerprint: 'f', request: '{}', why: 'above a limit', needs: ['party'] as const }
    await approvals.ask({ hand: hand('Mia'), ...said, party: w.party.id, amount, order }, (made) => {
      asked = made
      return along()
    })
    return asked!
  }
  return { ...w, approvals, held, ask }
}

describe('time', () => {
  test('what nobody answers ends, its money is free again, and nobody can agree any more', async () => {
    const w = await openWorld()
    const { id } = await w.ask()
    expect(w.held()).toBe(AMOUNT.units)
    w.later(WAIT_MS - 1)
    await w.approvals.sweep()
    expect([w.approvals.get(id).status, w.held()]).toEqual(['needs_approval', AMOUNT.units])
    w.later(1)
    await expect(w.approvals.approve(id, yes)).rejects.toMatchObject({ code: 'approval_ended' })
    await w.approvals.sweep()
    expect([w.approvals.get(id).status, w.held(), w.bank.paid]).toEqual(['expired', 0n, []])
    await expect(w.approvals.approve(id, yes)).rejects.toMatchObject({ code: 'approval_ended' })
    await w.approvals.sweep()
    expect(w.approvals.open()).toEqual([])
  })

  test('of a word in the last moment and the end of time one is taken, and the money is paid or free, never both', async () => {
    const outcomes: string[] = []
    for (const approveFirst of [true, false]) {
      const w = await openWorld()
      const { id, order } = await w.ask()
      w.later(WAIT_MS - 1)
      const approve = () => w.approvals.approve(id, yes).catch((error: { code: string }) => expect(error.code).toBe('approval_ended'))
      const sweep = () => {
        w.later(1)
        return w.approvals.sweep()
      }
      // Both are under way before either is durable.
      await Promise.all(approveFirst ? [approve(), sweep()] : [sweep(), approve()])
      const { status } = w.approvals.get(id)
      outcomes.push(status)
      if (status === 'done') expect(await w.payouts.wait(order!.payout, { timeoutMs: 20_000 })).toMatchObject({ status: 'settled' })
      expect([status, w.held(), w.bank.paid.length]).toEqual([status, 0n, status === 'done' ? 1 : 0])
    }
    expect(outcomes).toEqual(['done', 'expired'])
  })

  test('what was approved to be done once ends with its time too, when it was not done', async () => {
    const w = await openWorld()
    let id = ''
    const said = { what: 'POST /v1/keys', fingerprint: 'f', request: '{}', why: 'w', needs: ['party'] as const }
    await w.approvals.ask({ hand: hand('Mia'), ...said, party: w.party.id, amount: undefined }, (made) => {
      id = made.id
      return along()
    })
    await w.approvals.approve(id, yes)
    w.later(WAIT_MS)
    expect(() => w.approvals.take(id, { hand: hand('Mia'), fingerprint: 'f', amount: undefined })).toThrow(/waited until/)
    await w.approvals.sweep()
    expect(w.approvals.get(id).status).toBe('expired')
  })

  test('a day’s sum begins anew with the next day', async () => {
    const { approvals, books, later } = await openWorld()
    const whose = 'pa_1' as PartyId
    const spend = async (text: string) => {
      const weighed = approvals.limits.weigh(whose, usd(text))
      if (weighed.needs.length > 0) return weighed.needs
      const { facts, done } = approvals.limits.spare(whose, weighed)
      await books.submit({ claims: [], facts })
      done()
      return []
    }
    expect([await spend('6'), await spend('4'), await spend('0.01')]).toEqual([[], [], ['gateway']])
    later(DAY_MS)
    expect([await spend('10'), await spend('0.01')]).toEqual([[], ['gateway']])
  })
})

describe('bounds', () => {
  test('a holder has a hundred things waiting at most, and others go on', async () => {
    const w = await openWorld()
    for (let i = 0; i < 100; i++) await w.ask(money(EUR, 1n))
    await expect(w.ask(money(EUR, 1n))).rejects.toMatchObject({ code: 'too_busy' })
    const said = { what: 'POST /v1/keys', fingerprint: 'f', request: '{}', why: 'w', needs: ['gateway'] as const }
    const other: Hand = { by: 'pa_other', person: undefined, key: undefined }
    await w.approvals.ask({ hand: other, ...said, party: undefined, amount: undefined }, along)
    expect(w.approvals.open()).toHaveLength(101)
  })

  test('also of many at once no more than a hundred of a holder wait, and no more than a thousand in all', async () => {
    const { approvals } = await openWorld()
    const said = { what: 'POST /v1/keys', fingerprint: 'f', request: '{}', why: 'w', needs: ['gateway'] as const }
    const ask = (by: string) =>
      approvals.ask({ hand: { by, person: undefined, key: undefined }, ...said, party: undefined, amount: undefined }, along)
    const askers = Array.from({ length: 11 }, (_, n) => Array.from({ length: 110 }, () => `pa_${n}`)).flat()
    const ends = await Promise.allSettled(askers.map(ask))
    const isRefused = (end: PromiseSettledResult<void>) => end.status === 'rejected' && end.reason.code === 'too_busy'
    expect([approvals.open().length, ends.filter(isRefused).length]).toEqual([1_000, 210])
    for (let n = 0; n < 10; n++) expect(approvals.open().filter(({ asked }) => asked.by === `pa_${n}`)).toHaveLength(100)
    expect(approvals.open().filter(({ asked }) => asked.by === 'pa_10')).toHaveLength(0)
    const { id } = approvals.open()[0]!
    await approvals.refuse(id, { hand: { by: 'pa_0', person: undefined, key: undefined }, as: 'gateway', along })
    await ask('pa_10')
    expect(approvals.open()).toHaveLength(1_000)
  })
})
