import type { Fact } from '../../gateway/ports/books.ts'
import { plainMoney, type Teller, USDC } from './teller.ts'

/** Invoices without end: of each seller by the next number, with and without what may be absent. */
export function* invoices(t: Teller, sellers: readonly string[]): Generator<Fact[], never> {
  const numbers = new Map<string, number>()
  for (;;) {
    if (sellers.length === 0 || t.dice.percent(70)) {
      yield []
      continue
    }
    const seller = t.dice.pick(sellers)
    const number = (numbers.get(seller) ?? 0) + 1
    numbers.set(seller, number)
    const exempt = t.dice.percent(30)
    const address = { street: 'Am Ufer 1', city: 'Berlin', postalCode: '10115', country: 'DE' }
    const tax = exempt ? { category: 'E', rate: '0' } : { category: 'S', rate: '20' }
    yield [
      t.fact('invoice.issued', t.id('inv_'), {
        intent: t.id('pi_'),
        payee: { kind: 'party', id: seller },
        number,
        amount: plainMoney(USDC, 5),
        seller: { name: 'Ünal', address, vatId: 'DE123456789' },
        buyer: { name: 'Mia', address: { country: 'FR' } },
        lines: [{ description: 'An essay', quantity: '1', unitPrice: '5', tax }],
        ...(exempt ? { exemption: 'Article 132' } : {}),
        issuedOn: '2027-01-15',
        dueOn: '2027-02-15',
        paid: t.dice.percent(50),
        metadata: { shop: 'north' },
        by: 'operator',
      }),
    ]
  }
}
