import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EUR, USD } from '../../money/asset.ts'
import type { Entry, Leg } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { AMOUNT_MAX } from '../../ports/ledger.ts'
import type { BookAccount } from '../journal/chart.ts'
import { writeTransferEvent } from '../rows/eventRows.ts'
import { newRows, ROW_WORDS } from '../rows/words.ts'
import { entryTransfers, writeEntryRows } from './entryTransfers.ts'

const hex = (digits: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
const entryId = hex(32).map((digits): EntryId => `en_${digits}`)
const payment = fc.oneof(
  hex(32).map((digits) => `pi_${digits}`),
  fc.constant(`pi_${'0'.repeat(32)}`),
  hex(31),
  fc.string(),
)
const units = fc.oneof(fc.bigInt(0n, AMOUNT_MAX), fc.bigInt(0n, 100n))
const asset = fc.constantFrom(USD, EUR)
const pending = fc.record({ entry: entryId, leg: fc.nat({ max: 249 }) })
const accounts = { debit: fc.constant('party:a'), credit: fc.constant('party:b'), asset, units }
const leg: fc.Arbitrary<Leg> = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), ...accounts }),
  fc.record({ kind: fc.constant('hold' as const), ...accounts, timeoutS: fc.nat() }),
  fc.record({ kind: fc.constant('post' as const), pending, asset, units }),
  fc.record({ kind: fc.constant('void' as const), pending, asset }),
)
const id128 = fc.bigInt(1n, AMOUNT_MAX)

/** An account as far as rows need it. */
const account = (id: bigint): BookAccount => ({ id, path: 'party:a', asset: USD })

test('the rows of an entry are its transfers, field for field', () => {
  const entry = fc.record({ id: entryId, payment, legs: fc.array(leg, { minLength: 1, maxLength: 250, size: 'max' }) })
  const debits = fc.tuple(id128.map(account), id128.map(account))
  // Which of two accounts a leg debits: runs of one are written otherwise than what begins them.
  const choices = fc.array(fc.nat({ max: 1 }), { minLength: 250, maxLength: 250 })
  fc.assert(
    fc.property(
      entry,
      fc.bigInt(1n, 2n ** 64n - 1n),
      debits,
      choices,
      id128.map(account),
      (of: Entry, fingerprint, two, chosen, credit) => {
        const accounts = of.legs.map((l, i) => (l.kind === 'move' || l.kind === 'hold' ? { debit: two[chosen[i]!]!, credit } : undefined))
        const ids = accounts.map((a) => a && { debitAccountId: a.debit.id, creditAccountId: a.credit.id })
        const expected = newRows(of.legs.length)
        for (const [i, transfer] of entryTransfers(of, fingerprint, ids).entries()) writeTransferEvent(expected, i * ROW_WORDS, transfer)
        const rows = newRows(of.legs.length)
        // What the call before left there does not shine through.
        rows.words.fill(0xdead_beef)
        const inOrder = accounts.flatMap((a) => [a?.debit, a?.credit])
        writeEntryRows(rows, of, fingerprint, inOrder)
        expect(rows.words).toEqual(expected.words)
      },
    ),
    { numRuns: 60 },
  )
})
