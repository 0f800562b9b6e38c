import { expect, test } from 'vitest'
import { boot, type Outside, outside } from '../../test/merchant/merchantWorld.ts'
import { stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import { isGatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'
import { payeeOfRef } from '../payins/intent/payeeOfRef.ts'
import type { PartyId } from '../ports/ids.ts'
import type { InvoiceData } from './facts.ts'
import { createInvoiceRecords } from './invoiceRecords.ts'
import { createInvoices, type NewInvoice } from './invoices.ts'

const live = (o: Outside, journal = o.journal) => {
  const refunded = new Set<string>()
  return boot(
    o,
    (parts) => {
      const records = createInvoiceRecords(parts.books)
      // Of a payment an invoice asks for its state alone.
      const findPayment = async (id: string) => ({ status: { state: refunded.has(id) ? 'refunded' : 'settled' } }) as never
      return { ...createInvoices({ ...parts, records, findPayment }), records, refunded }
    },
    journal,
  )
}
type Live = Awaited<ReturnType<typeof live>>

const lines: InvoiceData['lines'] = [{ description: 'An essay', quantity: '2', unitPrice: '1.75', tax: { category: 'S', rate: '20' } }]
const fresh = (intent: string, o: Partial<NewInvoice> = {}): NewInvoice => ({
  intent: intent as NewInvoice['intent'],
  seller: { name: 'Heron', address: { country: 'DE' }, vatId: 'DE123456789' },
  buyer: { name: 'Mia', address: { country: 'FR' } },
  lines,
  dueOn: undefined,
  metadata: {},
  ...o,
})
const nothing = { by: 'operator', along: () => ({ claims: [], facts: [] }) }
const issue = (g: Live, intent: string, o: Partial<NewInvoice> = {}) => g.opened.issue(fresh(intent, o), nothing)
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => (isGatewayError(error) ? error.code : String(error)),
  )

async function intentFor(g: Live, party: PartyId, amount = '4.2'): Promise<string> {
  let id = ''
  await g.intents.create({
    amount: parseAmount(amount, USD),
    payee: await payeeOfRef(g.splits, { kind: 'party', id: party }),
    metadata: {},
    description: '',
    expiresInS: 86_400,
    along: ({ intent }) => {
      id = intent.id
      return { claims: [], facts: [] }
    },
  })
  return id
}
const issued = (g: Live) => g.facts('invoice.issued').map(({ data }) => data as unknown as InvoiceData)

test('numbers are without gaps for each payee, also for many at once and after what was refused', async () => {
  const g = await live(outside())
  const [ann, ben] = [await g.party(), await g.party()]
  const intents = await Promise.all(Array.from({ length: 12 }, (_, i) => intentFor(g, i % 3 === 0 ? ben : ann)))
  const wrong = await intentFor(g, ann, '4.21')
  expect(await Promise.all([...intents.map((id) => refusal(issue(g, id))), refusal(issue(g, wrong))])).toEqual([
    ...intents.map(() => 'done'),
    'invalid_amount',
  ])
  const numbers = (party: string) =>
    issued(g)
      .filter(({ payee }) => payee.id === party)
      .map(({ number }) => number)
  expect([numbers(ann), numbers(ben)]).toEqual([
    [1, 2, 3, 4, 5, 6, 7, 8],
    [1, 2, 3, 4],
  ])
})

test('an intent has one invoice, also when it is asked for twice at once', async () => {
  const g = await live(outside())
  const intent = await intentFor(g, await g.party())
  expect((await Promise.all([refusal(issue(g, intent)), refusal(issue(g, intent))])).sort()).toEqual(['done', 'invoice_exists'])
  expect(issued(g)).toHaveLength(1)
})

test('its state is that of its intent and its payment; what it says stays', async () => {
  const o = outside()
  const g = await live(o)
  const [seller, payer] = [await g.party(), await g.party('100')]
  const [one, other, late] = [await intentFor(g, seller), await intentFor(g, seller), await intentFor(g, seller)]
  await issue(g, one)
  await issue(g, other)
  const [first, second] = g.facts('invoice.issued').map(({ id }) => g.opened.get(id))
  const states = async () => [await g.opened.statusOf(first!), await g.opened.statusOf(second!)]
  expect(await states()).toEqual(['open', 'open'])
  await g.pay(one, payer)
  await g.intents.cancel(other)
  expect(await states()).toEqual(['paid', 'void'])
  g.opened.refunded.add(g.intents.get(one).paid!.receipt)
  expect(await states()).toEqual(['refunded', 'void'])
  expect([first!.data.paid, first!.data.dueOn]).toEqual([false, '2027-02-01'])
  expect(g.opened.get(first!.id)).toEqual(first)
  await g.pay(late, payer)
  await issue(g, late, { dueOn: '2027-01-31' })
  expect(issued(g)[2]).toMatchObject({ number: 3, paid: true, dueOn: '2027-01-31' })
})

test('nothing is invoiced that can not be paid, is given back, or is due before it is issued', async () => {
  const g = await live(outside())
  const [seller, payer] = [await g.party(), await g.party('100')]
  const [gone, back, open] = [await intentFor(g, seller), await intentFor(g, seller), await intentFor(g, seller)]
  await g.intents.cancel(gone)
  await g.pay(back, payer)
  g.opened.refunded.add(g.intents.get(back).paid!.receipt)
  expect(await Promise.all([gone, back].map((id) => refusal(issue(g, id))))).toEqual(['intent_closed', 'intent_closed'])
  expect(await refusal(issue(g, open, { dueOn: '2027-01-30' }))).toBe('invalid_request')
  expect(await refusal(issue(g, `pi_${'0'.repeat(32)}`))).toBe('not_found')
  expect(issued(g)).toEqual([])
})

test.each(['before', 'after'] as const)(
  'its process dies %s each block: the next one goes on with the next number and no other',
  async (moment) => {
    for (const append of [1, 2]) {
      const o = outside()
      const before = await live(o)
      const seller = await before.party()
      const intents = [await intentFor(before, seller), await intentFor(before, seller)]
      const { journal, died } = stoppingJournal(o.journal, { append, moment })
      const dying = await live(o, journal)
      const trying = (async () => {
        for (const id of intents) await issue(dying, id)
      })()
      await Promise.race([died, trying])
      const next = await live(o)
      const stood = append - (moment === 'before' ? 1 : 0)
      for (const [i, id] of intents.entries()) expect(await refusal(issue(next, id))).toBe(i < stood ? 'invoice_exists' : 'done')
      expect(next.opened.records.list({ limit: 10, after: undefined }).map(({ data }) => [data.number, data.intent])).toEqual([
        [2, intents[1]],
        [1, intents[0]],
      ])
    }
  },
)
