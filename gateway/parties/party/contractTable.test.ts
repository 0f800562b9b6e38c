import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hex, PartyId } from '../../ports/ids.ts'
import { splitTree } from '../../split/splitTree.ts'
import { contractTable } from './contractTable.ts'

const OURS: Hex = `0x${'0e'.repeat(20)}`
const party = (n: number) => `pa_${n}` as PartyId // ids of the test.
const onChain = (n: number, shares: number) => ({
  party: party(n),
  account: `0x${(n + 1).toString(16).padStart(40, '0')}` as const,
  shares: `${shares}`,
})
const inBooks = (n: number, shares: number) => ({ party: party(n), account: OURS, shares: `${shares}`, inBooks: true as const })
const idOf = (payees: Parameters<typeof contractTable>[0]['payees'], label = '') => splitTree(contractTable({ payees, label })).splitId

describe('the table that the contract knows', () => {
  test('is the given one when every payee has an account', () => {
    const payees = [onChain(1, 7), onChain(2, 3)]
    expect(contractTable({ payees, label: 'authors' })).toEqual({
      payees: [
        { account: payees[0]!.account, shares: 7n },
        { account: payees[1]!.account, shares: 3n },
      ],
      metadata: 'authors',
    })
  })

  test('has one row of our account for all payees in the books, where the first of them stands', () => {
    const { payees } = contractTable({ payees: [onChain(1, 5), inBooks(2, 3), onChain(3, 1), inBooks(4, 2)], label: '' })
    expect(payees.map(({ account, shares }) => [account, shares])).toEqual([
      [onChain(1, 5).account, 5n],
      [OURS, 5n],
      [onChain(3, 1).account, 1n],
    ])
  })

  test('leaves nobody a share more or less, and every account once', () => {
    const row = fc.record({ books: fc.boolean(), shares: fc.integer({ min: 1, max: 1_000_000 }) })
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const payees = rows.map(({ books, shares }, n) => (books ? inBooks(n, shares) : onChain(n, shares)))
        const leaves = contractTable({ payees, label: 'x' }).payees
        const sum = (all: readonly Readonly<{ shares: bigint | string }>[]) => all.reduce((total, one) => total + BigInt(one.shares), 0n)
        expect(sum(leaves)).toBe(sum(payees))
        expect(sum(leaves.filter(({ account }) => account === OURS))).toBe(sum(payees.filter(({ account }) => account === OURS)))
        expect(new Set(leaves.map(({ account }) => account)).size).toBe(leaves.length)
      }),
      { numRuns: 100, seed: 402 },
    )
  })

  test('has another id for other payees in the books, for other shares among them, and for another label', () => {
    const table = [onChain(1, 4), inBooks(2, 3), inBooks(3, 2)]
    const others = [
      [onChain(1, 4), inBooks(2, 3), inBooks(4, 2)],
      [onChain(1, 4), inBooks(2, 2), inBooks(3, 3)],
      [onChain(1, 4), { ...onChain(2, 5), account: OURS }],
    ]
    const ids = [idOf(table), idOf(table, 'label'), ...others.map((payees) => idOf(payees))]
    expect(new Set(ids).size).toBe(ids.length)
    expect(idOf([...table])).toBe(ids[0])
  })

  test('is refused when a party is in the books twice, or an account of a payee is ours', () => {
    expect(() => idOf([inBooks(2, 3), onChain(1, 4), inBooks(2, 1)])).toThrow('payee 3 (pa_2) is the same party as payee 1')
    expect(() => idOf([inBooks(2, 3), { ...onChain(1, 4), account: OURS }])).toThrow('is the same account as payee 1')
  })
})
