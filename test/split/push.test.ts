import fc from 'fast-check'
import { getAddress, type Hex, keccak256, parseEventLogs, toHex } from 'viem'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PushSplitter } from '../../contracts/abi/PushSplitter.ts'
import { authorizationNonce } from '../../gateway/split/authorizationNonce.ts'
import { divideByPrefix } from '../../gateway/split/divideByPrefix.ts'
import { pushTableId } from '../../gateway/split/pushTableId.ts'
import type { Payee } from '../../gateway/split/splitTable.ts'
import { authorization, openChain, type SplitChain, YEAR_2100 } from './splitChain.ts'

const SEED = 402
const RUNS = 60

const someShare = fc.oneof(fc.bigInt(0n, 3n), fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 2n ** 128n - 1n))
const somePush = fc.record({
  shares: fc.array(someShare, { minLength: 1, maxLength: 4 }).filter((shares) => shares.some((own) => own > 0n)),
  /** Fewer accounts than rows: somebody stands in the table twice. */
  accounts: fc.integer({ min: 1, max: 4 }),
  value: fc.oneof(fc.bigInt(1n, 50n), fc.bigInt(1n, 10n ** 13n), fc.bigInt(1n, 2n ** 120n)),
  signed: fc.boolean(),
})

describe('a push on the chain and in TypeScript', () => {
  let chain: SplitChain
  let splitter: { address: Hex; abi: typeof PushSplitter.abi }
  beforeAll(async () => {
    chain = await openChain()
    const { wallet, mined } = chain
    const receipt = await mined(await wallet.deployContract({ abi: PushSplitter.abi, bytecode: PushSplitter.bytecode }))
    splitter = { address: getAddress(receipt.contractAddress!), abi: PushSplitter.abi }
    await mined(await wallet.writeContract({ ...chain.usdc, functionName: 'approve', args: [splitter.address, 2n ** 200n] }))
  })
  afterAll(() => chain?.connection.close())

  test('pay each row the same, by signature and by approval, and name the table alike', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(somePush, async ({ shares, accounts, value, signed }) => {
        run += 1
        const account = (i: number) => getAddress(`0x${keccak256(toHex(`push ${run}/${i % accounts}`)).slice(26)}`)
        const payees = shares.map((own, i) => ({ account: account(i), shares: own }))
        const pushed = signed ? await pay(payees, value, run) : await push(payees, value, run)
        expect(pushed).toEqual({ tableId: pushTableId(payees), value })
        const parts = divideByPrefix(value, shares)
        for (const to of new Set(payees.map((payee) => payee.account))) {
          const own = parts.filter((_, i) => payees[i]!.account === to).reduce((sum, part) => sum + part, 0n)
          expect(await chain.wallet.readContract({ ...chain.usdc, functionName: 'balanceOf', args: [to] })).toBe(own)
        }
        expect(await chain.wallet.readContract({ ...chain.usdc, functionName: 'balanceOf', args: [splitter.address] })).toBe(0n)
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect(run).toBeGreaterThanOrEqual(RUNS)
  })

  async function push(payees: readonly Payee[], value: bigint, run: number) {
    const args = [chain.token, keccak256(toHex(run)), value, payees] as const
    return eventOf(await chain.wallet.writeContract({ ...splitter, functionName: 'push', args }))
  }

  async function pay(payees: readonly Payee[], value: bigint, run: number) {
    const { payer, token, wallet } = chain
    const [splitId, ref] = [pushTableId(payees), keccak256(toHex(run))]
    const times = { validAfter: 0n, validBefore: YEAR_2100 }
    const signature = await payer.signTypedData({
      domain: { name: 'USD Coin', version: '2', chainId: hardhat.id, verifyingContract: token },
      types: { ReceiveWithAuthorization: authorization },
      primaryType: 'ReceiveWithAuthorization',
      message: { from: payer.address, to: splitter.address, value, ...times, nonce: authorizationNonce(splitId, ref) },
    })
    const auth = { splitId, ref, from: payer.address, value, ...times, signature }
    return eventOf(await wallet.writeContract({ ...splitter, functionName: 'pay', args: [token, auth, payees] }))
  }

  async function eventOf(hash: Hex) {
    const { logs } = await chain.mined(hash)
    const [log] = parseEventLogs({ abi: PushSplitter.abi, eventName: 'Pushed', logs })
    return { tableId: log!.args.tableId, value: log!.args.value }
  }
})
