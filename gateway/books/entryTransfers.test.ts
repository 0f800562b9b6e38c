import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeTransferEvent } from '../ledger/eventRows.ts'
import { newRows, ROW_WORDS } from '../ledger/words.ts'
import { EUR, USD } from '../money/asset.ts'
import type { Entry, Leg } from '../ports/books.ts'
import type { EntryId } from '../ports/ids.ts'
import { AMOUNT_MAX } from '../ports/ledger.ts'
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

test('the rows of an entry are its transfers, field for field', () => {
  const entry = fc.record({ id: entryId, payment, legs: fc.array(leg, { minLength: 1, maxLength: 250, size: 'max' }) })
  fc.assert(
    fc.property(entry, fc.bigInt(1n, 2n ** 64n - 1n), id128, id128, (of: Entry, fingerprint, debitAccountId, creditAccountId) => {
      const ids = of.legs.map((l) => (l.kind === 'move' || l.kind === 'hold' ? { debitAccountId, creditAccountId } : undefined))
      const expected = newRows(of.legs.length)
      for (const [i, transfer] of entryTransfers(of, fingerprint, ids).entries()) writeTransferEvent(expected, i * ROW_WORDS, transfer)
      const rows = newRows(of.legs.length)
      // What the call before left there does not shine through.
      rows.words.fill(0xdead_beef)
      writeEntryRows(rows, of, fingerprint, ids)
      expect(rows.words).toEqual(expected.words)
    }),
    { numRuns: 60 },
  )
})
