import { x402Facilitator } from '@x402/core/facilitator'
import { toFacilitatorEvmSigner } from '@x402/evm'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { ExactEvmScheme as ExactFacilitator } from '@x402/evm/exact/facilitator'
import fc from 'fast-check'
import { getAddress, keccak256, toHex } from 'viem'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { receiverInitCodeHash } from '../contracts/abi/receiverInitCodeHash.ts'
import { divideCumulative } from '../gateway/split/divideCumulative.ts'
import { dustOf, entitlement } from '../gateway/split/entitlement.ts'
import { receiverAddress } from '../gateway/split/receiverAddress.ts'
import { splitTree } from '../gateway/split/splitTree.ts'
import { claim, moneyIn, openChain, type SplitChain, sweep } from './split/splitChain.ts'

const SEED = 402
const RUNS = 100

/** The facilitator's way to the chain; x402 types the same calls more loosely than viem does. */
function facilitatorSigner(wallet: SplitChain['wallet']) {
  return toFacilitatorEvmSigner({
    address: wallet.account.address,
    readContract: (args) => wallet.readContract(args as Parameters<typeof wallet.readContract>[0]),
    getCode: (args) => wallet.getCode(args),
    verifyTypedData: (args) => wallet.verifyTypedData(args as Parameters<typeof wallet.verifyTypedData>[0]),
    writeContract: (args) => wallet.writeContract(args as Parameters<typeof wallet.writeContract>[0]),
    sendTransaction: (args) => wallet.sendTransaction(args),
    waitForTransactionReceipt: ({ hash }) => wallet.waitForTransactionReceipt({ hash }),
  })
}

describe('the chain and the TypeScript split', () => {
  let chain: SplitChain
  beforeAll(async () => {
    chain = await openChain()
  })
  afterAll(() => chain?.connection.close())

  test('agree on every id, address, pot, claim and dust after any sequence of payments, sweeps and claims', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(someShares, fc.array(someStep, { minLength: 1, maxLength: 14 }), async (shares, steps) => {
        await playAndCompare(chain, { run: run++, shares, steps })
      }),
      { numRuns: RUNS, seed: SEED },
    )
    expect(run).toBeGreaterThanOrEqual(RUNS)
  })

  test('let an unmodified x402 client and facilitator pay a split at an address without code', async () => {
    const { wallet, mined, payer, token, hub, settlement } = chain
    const tree = splitTree({ payees: [{ account: '0x00000000000000000000000000000000000000a1', shares: 1n }], metadata: 'x402' })
    const payTo = receiverAddress(hub, tree.splitId, receiverInitCodeHash)
    const requirements = {
      scheme: 'exact',
      network: `eip155:${hardhat.id}` as const,
      asset: token,
      amount: '2000',
      payTo,
      maxTimeoutSeconds: 600,
      extra: { name: 'USD Coin', version: '2' },
    }
    const signed = await new ExactEvmScheme(payer).createPaymentPayload(2, requirements)
    const payment = { ...signed, accepted: requirements }
    const facilitator = new x402Facilitator().register(requirements.network, new ExactFacilitator(facilitatorSigner(wallet)))
    expect(await wallet.getCode({ address: payTo })).toBeUndefined()
    expect(await facilitator.verify(payment, requirements)).toMatchObject({ isValid: true })
    expect(await facilitator.settle(payment, requirements)).toMatchObject({ success: true, payer: payer.address })
    await mined(await wallet.writeContract({ ...settlement, functionName: 'sweep', args: [tree.splitId, token] }))
    expect(await wallet.readContract({ ...settlement, functionName: 'pot', args: [tree.splitId, token] })).toEqual([2000n, 0n])
    expect(await claim(chain, tree, 0)).toBe(2000n)
  })
})

const someShares = fc.array(fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 10n ** 6n), fc.bigInt(1n, 2n ** 90n)), {
  minLength: 1,
  maxLength: 60,
})
const someValue = fc.oneof(fc.bigInt(1n, 50n), fc.bigInt(1n, 10n ** 13n))
const someStep = fc.oneof(
  fc.record({ kind: fc.constantFrom('fund' as const, 'pay' as const, 'transfer' as const), value: someValue }),
  fc.record({ kind: fc.constantFrom('sweep' as const) }),
  fc.record({ kind: fc.constantFrom('claim' as const), payee: fc.nat() }),
)
type Step = typeof someStep extends fc.Arbitrary<infer T> ? T : never

/** Plays the steps on the chain and on a ledger of bigints side by side; compares after each step, and at the end once all have claimed. */
async function playAndCompare(chain: SplitChain, game: { run: number; shares: readonly bigint[]; steps: readonly Step[] }) {
  const { wallet, token, hub, settlement, usdc } = chain
  const { run, shares, steps } = game
  // Accounts and metadata of its own, so that a run meets no balance and no pot of another, also while fast-check shrinks.
  const payees = shares.map((own, i) => ({ account: getAddress(`0x${keccak256(toHex(`${run}/${i}`)).slice(26)}`), shares: own }))
  const tree = splitTree({ payees, metadata: `run ${run}` })
  const receiver = receiverAddress(hub, tree.splitId, receiverInitCodeHash)
  expect(await wallet.readContract({ ...settlement, functionName: 'receiverOf', args: [tree.splitId] })).toBe(receiver)

  const ledger = { received: 0n, paidOut: 0n, inReceiver: 0n, dust: 0n, earned: shares.map(() => 0n), paid: shares.map(() => 0n) }
  const grow = (value: bigint) => {
    const division = divideCumulative(ledger.received, value, shares)
    for (const [i, delta] of division.deltas.entries()) ledger.earned[i]! += delta
    ledger.dust += division.dust
    ledger.received += value
  }
  const claimBoth = async (index: number) => {
    const due = ledger.earned[index]! - ledger.paid[index]!
    expect(await claim(chain, tree, index)).toBe(due)
    ledger.paid[index]! += due
    ledger.paidOut += due
  }
  for (const [place, step] of steps.entries()) {
    if (step.kind === 'claim') await claimBoth(step.payee % shares.length)
    else if (step.kind === 'sweep') {
      expect(await sweep(chain, tree.splitId)).toBe(ledger.inReceiver)
      if (ledger.inReceiver > 0n) grow(ledger.inReceiver)
      ledger.inReceiver = 0n
    } else {
      await moneyIn(chain, {
        kind: step.kind,
        value: step.value,
        splitId: tree.splitId,
        receiver,
        ref: keccak256(toHex(`${run}#${place}`)),
      })
      if (step.kind === 'transfer') ledger.inReceiver += step.value
      else grow(step.value)
    }
    const pot = await wallet.readContract({ ...settlement, functionName: 'pot', args: [tree.splitId, token] })
    expect(pot).toEqual([ledger.received, ledger.paidOut])
  }
  for (const index of shares.keys()) await claimBoth(index)
  for (const [i, { account }] of payees.entries()) {
    const balance = await wallet.readContract({ ...usdc, functionName: 'balanceOf', args: [account] })
    expect(balance).toBe(entitlement(ledger.received, shares[i]!, tree.totalShares))
  }
  const [received, paidOut] = await wallet.readContract({ ...settlement, functionName: 'pot', args: [tree.splitId, token] })
  expect(received - paidOut).toBe(dustOf(ledger.received, shares))
  expect(received - paidOut).toBe(ledger.dust)
}
