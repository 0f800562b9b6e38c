import fc from 'fast-check'
import { getAddress, keccak256, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { claimDue, dustOf, entitlement, POT_MAX } from '../../gateway/split/entitlement.ts'
import type { Payee } from '../../gateway/split/splitTable.ts'
import { commitTo, type SplitTree } from '../../gateway/split/splitTree.ts'
import { claim, openChain, type SplitChain } from './splitChain.ts'

const SEED = 402
const RUNS = 40
/** Payees of one table that are asked and paid on the chain: the ends and some between. */
const SAMPLES = 12
/** What the contract takes as a total, far above what the gateway registers. */
const CHAIN_TOTAL_MAX = 2n ** 128n - 1n

const someShare = fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 2n ** 118n))
const someTable = fc.record({
  shares: fc.array(someShare, { minLength: 1, maxLength: 300 }),
  /** How many different accounts stand in the table, at most: fewer than rows makes duplicates. */
  accounts: fc.integer({ min: 1, max: 400 }),
})
const someValue = fc.oneof(fc.bigInt(1n, 50n), fc.bigInt(1n, 10n ** 13n), fc.bigInt(1n, 2n ** 96n), fc.bigInt(1n, 2n ** 125n))

describe('a table on the chain and in TypeScript', () => {
  let chain: SplitChain
  let run = 0
  beforeAll(async () => {
    chain = await openChain()
  })
  afterAll(() => chain?.connection.close())

  /** Accounts of its own each time, so that a run meets no pot and no balance of another, also while fast-check shrinks. */
  function tableOf(shares: readonly bigint[], accounts: number): Payee[] {
    run += 1
    const account = (i: number) => getAddress(`0x${keccak256(toHex(`${run}/${i % accounts}`)).slice(26)}`)
    return shares.map((own, i) => ({ account: account(i), shares: own }))
  }

  test('agree on what anybody is owed, with accounts that stand there twice and extreme shares', async () => {
    let duplicates = 0
    await fc.assert(
      fc.asyncProperty(someTable, fc.array(someValue, { minLength: 1, maxLength: 4 }), async ({ shares, accounts }, values) => {
        const payees = tableOf(shares, accounts)
        if (accounts < shares.length) duplicates += 1
        await compare(chain, payees, values)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect(duplicates).toBeGreaterThan(RUNS / 10)
  })

  test.each([
    ['1,000 payees, all alike', 1000, () => 1n],
    ['4,096 payees, one of which has nearly everything', 4096, (i: number) => (i === 77 ? 2n ** 127n : 1n)],
    ['4,097 payees, each with twice as much as 120 before', 4097, (i: number) => 2n ** BigInt((i / 120) | 0)],
    ['10,000 payees with shares of every size', 10_000, (i: number) => BigInt(keccak256(toHex(`share ${i}`))) >> BigInt(150 + (i % 100))],
  ])('agree on %s', async (_, count, share) => {
    const shares = Array.from({ length: count }, (_, i) => share(i) || 1n)
    await compare(chain, tableOf(shares, count), [1n, 999_999n, 2n ** 96n, 123_456_789n])
  })

  test('agree at the edge of both types: a total and a pot of 2^128 - 1', async () => {
    const shares = [1n, 2n ** 96n, CHAIN_TOTAL_MAX - 2n ** 96n - 2n, 1n]
    const payees = tableOf(shares, 4)
    const tree = await compare(chain, payees, [2n ** 96n - 1n, 1n, POT_MAX - 2n ** 96n])
    const ref = keccak256(toHex('one more'))
    const more = { ...chain.settlement, functionName: 'fund', args: [tree.splitId, ref, chain.token, 1n] } as const
    await expect(chain.wallet.simulateContract({ ...more, account: chain.wallet.account })).rejects.toThrow('PotOverflow')
  })

  test('agree that a total beyond 2^128 - 1 is none', async () => {
    const tree = commitTo({ payees: tableOf([1n, CHAIN_TOTAL_MAX], 2) })
    const call = { ...chain.settlement, functionName: 'claim', args: [tree.share(0), chain.token] } as const
    await expect(chain.wallet.simulateContract({ ...call, account: chain.wallet.account })).rejects.toThrow('InvalidShare')
  })
})

/** Funds the table's split with each value and compares what some payees are paid after it, on the chain and by our formulas. */
async function compare(chain: SplitChain, payees: readonly Payee[], values: readonly bigint[]): Promise<SplitTree> {
  const { wallet, mined, token, settlement } = chain
  const tree = commitTo({ payees, metadata: `${payees.length} rows` })
  const paid = new Map<string, bigint>()
  let [received, paidOut] = [0n, 0n]
  for (const [round, value] of values.entries()) {
    const ref = keccak256(toHex(`${tree.splitId}/${round}`))
    await mined(await wallet.writeContract({ ...settlement, functionName: 'fund', args: [tree.splitId, ref, token, value] }))
    received += value
    for (const index of sampled(payees.length, round)) {
      const { account, shares } = payees[index]!
      const before = paid.get(account) ?? 0n
      const due = claimDue(entitlement(received, shares, tree.totalShares), before)
      expect(await claim(chain, tree, index)).toBe(due)
      paid.set(account, before + due)
      paidOut += due
    }
    const pot = await wallet.readContract({ ...settlement, functionName: 'pot', args: [tree.splitId, token] })
    expect(pot).toEqual([received, paidOut])
  }
  const entitlements = payees.map(({ shares }) => entitlement(received, shares, tree.totalShares))
  const dust = dustOf(
    received,
    payees.map(({ shares }) => shares),
  )
  expect(entitlements.reduce((sum, own) => sum + own, dust)).toBe(received)
  return tree
}

/** The first row, the last one, and some between that move with the round. */
function sampled(count: number, round: number): number[] {
  const between = Array.from({ length: SAMPLES - 2 }, (_, i) => (i * 7919 + round * 104_729) % count)
  return [...new Set([0, count - 1, ...between])]
}
