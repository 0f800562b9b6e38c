import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, PAYEE, posted, START, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { BTC } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import type { PayoutView } from '../payoutState/view.ts'

const AMOUNT = money(USDC, 10_000n)

/** Runs a payout by Lightning, and something behind its back while the rail is paying. */
async function meddled(w: World, meddle: (entries: { hold: EntryId; reservation: EntryId }) => Promise<void>): Promise<PayoutView> {
  onTestFinished(() => w.payouts.close())
  const send = w.rails.lightning.send
  w.rails.lightning.send = async (attempt, o): Promise<Outcome> => {
    const entries = await entryIds(w)
    await meddle(entries)
    return send(attempt, o)
  }
  const { id } = await w.payouts.create({ source: PAYEE, amount: AMOUNT, destinations: [to.node], reference: '', createdBy: 'test' })
  return w.payouts.wait(id, { timeoutMs: 20_000 })
}

/** The entries of the only payout, as its facts in the journal name them. */
async function entryIds({ journal }: World): Promise<{ hold: EntryId; reservation: EntryId }> {
  const text: string[] = []
  for await (const block of journal.read(0)) text.push(Buffer.from(block.data).toString('latin1'))
  const hold = /"hold":"(en_[0-9a-f]{32})"/.exec(text.join(''))?.[1]
  const reservation = /"reservation":"(en_[0-9a-f]{32})"/.exec(text.join(''))?.[1]
  expect([hold, reservation]).not.toContain(undefined)
  return { hold: hold as EntryId, reservation: reservation as EntryId } // The pattern matched an entry id.
}

async function book({ books }: World, last: string, legs: Leg[]): Promise<void> {
  const entry: Entry = { id: `en_${last.repeat(32)}`, payment: 'meddling', legs }
  expect(await books.submit({ entry })).toMatchObject({ kind: 'applied' })
}

describe('money that has left is never lost by the books', () => {
  test('when the hold is gone: the rail is booked, and transit shows what the source owes', async () => {
    const w = await boot()
    const view = await meddled(w, ({ hold }) => book(w, '2', [{ kind: 'void', pending: { entry: hold, leg: 0 }, asset: USDC }]))
    expect(view).toMatchObject({ status: 'settled', exceptions: ['hold_lost'] })
    expect(posted(w.books, 'rail:lightning:node', BTC)).toBe(START.btc - 10_000n - 700n)
    expect(posted(w.books, 'transit:payout', USDC)).toBe(-10_000n)
    expect(posted(w.books, PAYEE, USDC)).toBe(START.usdc)
    expect(w.payouts.exceptions().map((v) => v.id)).toEqual([view.id])
    expect((await w.books.verify()).broken).toBeUndefined()
  })

  test('when the rail took more than its limit and has no more on the books: all but the excess is booked', async () => {
    const w = await boot()
    w.rails.lightning.fee = money(BTC, 2_500n)
    w.rails.lightning.keepsLimit = false
    const view = await meddled(w, () =>
      // Everything that is free on the rail is taken by others; the reservation of 10,000 and 2,000 stands.
      book(w, '2', [{ kind: 'move', debit: 'capital:owner', credit: 'rail:lightning:node', asset: BTC, units: START.btc - 12_000n }]),
    )
    expect(view).toMatchObject({ status: 'settled', exceptions: ['fee_not_booked'], fee: { amount: '0.000000025' } })
    expect(posted(w.books, 'fee:paid:lightning', BTC)).toBe(2_000n)
    expect(posted(w.books, 'rail:lightning:node', BTC)).toBe(0n)
  })

  test('when the rail took more than its limit and the books have room: the whole fee is booked', async () => {
    const w = await boot()
    w.rails.lightning.fee = money(BTC, 2_500n)
    w.rails.lightning.keepsLimit = false
    expect(await meddled(w, async () => {})).toMatchObject({ status: 'settled', exceptions: [] })
    expect(posted(w.books, 'fee:paid:lightning', BTC)).toBe(2_500n)
  })

  test('when nothing can be booked: the fact stands, the money stays held and is named as in flight', async () => {
    const w = await boot()
    const view = await meddled(w, ({ reservation }) =>
      book(w, '2', [{ kind: 'void', pending: { entry: reservation, leg: 0 }, asset: BTC }]),
    )
    expect(view).toMatchObject({ status: 'settled', exceptions: ['not_booked'] })
    expect(w.payouts.inFlight()).toMatchObject([
      { rail: 'lightning', what: `payout ${view.id}: settled, not booked`, amount: { units: 10_000n } },
    ])
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(10_000n)
    await w.payouts.close()
    expect(w.warnings).toContain('payout settled, and a person must see to its books')
  })
})
