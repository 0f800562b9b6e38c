import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { erc20Asset } from '../../money/asset.ts'
import type { Split } from '../../parties/party/splits.ts'
import type { Books, Entry, Leg } from '../../ports/books.ts'
import type { EntryId, PartyId } from '../../ports/ids.ts'
import { splitTree } from '../../split/splitTree.ts'
import { movesOf, repeatMoves } from './bookedMoves.ts'
import { entitlementLegs, move } from './legs.ts'

const asset = erc20Asset({ chainId: 1, address: `0x${'a1'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })
const HUB = 'rail:evm:1:hub'

function splitOf(shares: readonly bigint[]): Split {
  const payees = shares.map((share, i) => ({
    party: `pa_${i}` as PartyId,
    account: `0x${(i + 1).toString(16).padStart(40, '0')}` as const,
    shares: share,
  })) // an id of the test.
  const leaves = payees.map(({ account, shares }) => ({ account, shares }))
  const tree = splitTree({ payees: leaves, metadata: 'm' })
  return { key: 'sp_1', splitId: tree.splitId, tree, payees, leaves, house: undefined, createdAt: 0 }
}

type Move = Extract<Leg, { kind: 'move' }>
const onlyMoves = (legs: readonly Leg[]) => legs.filter((leg): leg is Move => leg.kind === 'move')

/** Balances, credit less debit, after these legs. */
function apply(balances: Map<string, bigint>, legs: readonly Leg[]): void {
  for (const { debit, credit, units } of onlyMoves(legs)) {
    balances.set(debit, (balances.get(debit) ?? 0n) - units)
    balances.set(credit, (balances.get(credit) ?? 0n) + units)
  }
}

const nonZero = (balances: Map<string, bigint>) => [...balances].filter(([, units]) => units !== 0n).sort(([a], [b]) => (a < b ? -1 : 1))

test('in whatever order payments of a pot come and go, every share ends as if only those that stand had come', () => {
  const shares = fc.array(fc.bigInt({ min: 1n, max: 10_000n }), { minLength: 1, maxLength: 6 })
  const values = fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { minLength: 1, maxLength: 8 })
  const order = fc.array(fc.nat(), { maxLength: 24 })
  fc.assert(
    fc.property(shares, values, order, (tableShares, units, steps) => {
      const split = splitOf(tableShares)
      const balances = new Map<string, bigint>()
      const booked = new Map<number, Move[]>()
      const standing = new Set<number>()
      let received = 0n
      for (const [i, value] of units.entries()) {
        const legs = entitlementLegs({ split, received, value, from: HUB, asset })
        booked.set(i, onlyMoves(legs))
        standing.add(i)
        apply(balances, legs)
        received += value
      }
      for (const step of steps) {
        const i = step % units.length
        const undo = standing.has(i)
        apply(balances, repeatMoves(booked.get(i)!, { undo, split, received }))
        received += undo ? -units[i]! : units[i]!
        if (undo) standing.delete(i)
        else standing.add(i)
      }
      const straight = new Map<string, bigint>()
      const sum = [...standing].reduce((total, i) => total + units[i]!, 0n)
      if (sum > 0n) apply(straight, entitlementLegs({ split, received: 0n, value: sum, from: HUB, asset }))
      expect(nonZero(balances)).toEqual(nonZero(straight))
    }),
  )
})

describe('an entry', () => {
  const hold: Leg = { kind: 'hold', debit: 'transit:evm:1', credit: 'party:pa_1', asset, units: 9n, timeoutS: 0 }
  const entries: Record<string, Entry> = {
    en_hold: { id: 'en_hold', payment: 'p', legs: [hold] },
    en_post: {
      id: 'en_post',
      payment: 'p',
      legs: [
        { kind: 'post', pending: { entry: 'en_hold', leg: 0 }, asset, units: 7n },
        move('rail:evm:1:receiver', 'transit:evm:1', { asset, units: 7n }),
      ],
    },
  }
  // Only the one question is asked of the books.
  const books = { entry: (id: EntryId) => entries[id] } as unknown as Books

  test('that posted a hold is undone as what the hold moved, last leg first', () => {
    expect(repeatMoves(movesOf(books, 'en_post'), { undo: true, split: undefined, received: 0n })).toEqual([
      move('transit:evm:1', 'rail:evm:1:receiver', { asset, units: 7n }),
      move('party:pa_1', 'transit:evm:1', { asset, units: 7n }),
    ])
  })
  test('that is not booked cannot be undone', () => {
    expect(() => movesOf(books, 'en_none')).toThrow(/invariant/)
  })
})

test('a claim is undone as it was, and divides nothing anew', () => {
  const split = splitOf([1n, 2n])
  const claim = onlyMoves([move(`share:${split.splitId}:0x01`, HUB, { asset, units: 5n })])
  expect(repeatMoves(claim, { undo: true, split, received: 100n })).toEqual([
    move(HUB, `share:${split.splitId}:0x01`, { asset, units: 5n }),
  ])
})
