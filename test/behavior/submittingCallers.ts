import { writeSync } from 'node:fs'
import { USD } from '../../gateway/money/asset.ts'
import type { AccountPath, Books } from '../../gateway/ports/books.ts'
import type { IdSource } from '../../gateway/ports/clock.ts'

/** Submits entries out of `payer` one after the other, for ever, and says on stdout which were acknowledged. */
export async function submitForEver(o: { books: Books; ids: IdSource; payer: AccountPath }): Promise<never> {
  for (;;) {
    const id = o.ids.entry()
    const outcome = await o.books.submit({
      claims: [{ key: `claim:${id}`, fingerprint: id }],
      facts: [{ type: 'test.paid', id, at: Date.now(), data: {} }],
      entry: {
        id,
        payment: `pi_${id}`,
        legs: [
          { kind: 'move', debit: o.payer, credit: 'party:pa_seller', asset: USD, units: 3n },
          { kind: 'move', debit: o.payer, credit: 'fee:earned', asset: USD, units: 1n },
        ],
      },
    })
    if (outcome.kind !== 'applied') throw new Error(`a fresh entry was ${outcome.kind}`)
    writeSync(1, `${id}\n`)
  }
}
