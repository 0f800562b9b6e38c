import { expect, test } from 'vitest'
import { USD } from '../../money/asset.ts'
import type { Leg, Submission } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { AMOUNT_MAX } from '../../ports/ledger.ts'
import { LEGS_MAX } from '../journal/legIds.ts'
import { emptyBooks } from './bookState.ts'
import { prepare } from './prepare.ts'

const ID: EntryId = `en_${'a'.repeat(32)}`
const move: Leg = { kind: 'move', debit: 'party:a', credit: 'party:b', asset: USD, units: 5n }

function withLegs(...legs: Leg[]): Submission {
  return { entry: { id: ID, payment: 'pi_1', legs } }
}

test.each<[string, Submission, string]>([
  ['nothing to record', {}, 'something to record'],
  ['an entry without legs', withLegs(), '1 to 250 legs'],
  ['too many legs', withLegs(...Array<Leg>(LEGS_MAX + 1).fill(move)), '1 to 250 legs'],
  ['an id of another shape', { entry: { id: 'en_1', payment: 'pi_1', legs: [move] } }, 'is an entry id'],
  ['a negative amount', withLegs({ ...move, units: -1n }), 'fit in 128 bits'],
  ['an amount over 128 bits', withLegs({ ...move, units: AMOUNT_MAX + 1n }), 'fit in 128 bits'],
  ['a leg from an account to itself', withLegs({ ...move, credit: 'party:a' }), 'to itself'],
  ['half a second of hold', withLegs({ ...move, kind: 'hold', timeoutS: 0.5 }), 'whole number of seconds'],
  ['a leg that can not exist', withLegs({ kind: 'void', pending: { entry: ID, leg: LEGS_MAX }, asset: USD }), 'between 0 and 249'],
  ['an asset without a ledger', withLegs({ ...move, asset: { ...USD, ledger: 0 } }), 'has a ledger number'],
  ['a bar in an asset', withLegs({ ...move, asset: { ...USD, id: 'U|SD' } }), 'no bar'],
  [
    'one claim key twice',
    {
      claims: [
        { key: 'a', fingerprint: 'f' },
        { key: 'a', fingerprint: 'g' },
      ],
    },
    'different keys',
  ],
  ['a fact that is far too long', { facts: [{ type: 't', id: 'a', at: 1, data: { text: 'a'.repeat(1_048_576) } }] }, 'characters long'],
])('%s is stopped before it reaches the books', (_, submission, message) => {
  expect(() => prepare(emptyBooks(0), submission)).toThrow(message)
})

test('what the caller changes after submitting does not reach the journal', () => {
  const data: Record<string, string> = { units: '1' }
  const prepared = prepare(emptyBooks(0), { facts: [{ type: 't', id: 'a', at: 1, data }] })
  data.units = '2'
  expect(prepared.row).toContain('"units":"1"')
})
