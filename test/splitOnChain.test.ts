import { ExactEvmScheme } from '@x402/evm/exact/client'
import fc from 'fast-check'
import { network } from 'hardhat'
import { type Abi, createWalletClient, custom, getAddress, type Hex, keccak256, parseEventLogs, publicActions, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { receiverInitCodeHash } from '../contracts/abi/receiverInitCodeHash.ts'
import { SettlementHub } from '../contracts/abi/SettlementHub.ts'
import { TestUSDC } from '../contracts/abi/TestUSDC.ts'
import { authorizationNonce } from '../gateway/split/authorizationNonce.ts'
import { divideCumulative } from '../gateway/split/divideCumulative.ts'
import { dustOf, entitlement } from '../gateway/split/entitlement.ts'
import { receiverAddress } from '../gateway/split/receiverAddress.ts'
import { type SplitTree, splitTree } from '../gateway/split/splitTree.ts'

const SEED = 402
const RUNS = 100
const MINT = 2n ** 100n
const YEAR_2100 = 4_102_444_800n

const authorization = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'].map((name) => ({
  name,
  type: name === 'nonce' ? 'bytes32' : name === 'from' || name === 'to' ? 'address' : 'uint256',
}))

async function openChain() {
  const connection = await network.create()
  const payer = privateKeyToAccount(keccak256(toHex('payer')))
  // An EIP-1193 provider answers unknown; this method answers the chain's own accounts.
  const [sender] = (await connection.provider.request({ method: 'eth_accounts' })) as [Hex]
  const wallet = createWalletClient({ account: sender, chain: hardhat, transport: custom(connection.provider) }).extend(publicActions)

  async function mined(hash: Hex) {
    const receipt = await wallet.getTransactionReceipt({ hash })
    expect(receipt.status).toBe('success')
    return receipt
  }
  const deploy = async (contract: { abi: Abi; bytecode: Hex }) => {
    const { contractAddress } = await mined(await wallet.deployContract({ abi: contract.abi, bytecode: contract.bytecode }))
    return getAddress(contractAddress!)
  }
  const token = await deploy(TestUSDC)
  const hub = await deploy(SettlementHub)
  const usdc = { address: token, abi: TestUSDC.abi } as const
  const settlement = { address: hub, abi: SettlementHub.abi } as const
  for (const to of [sender, payer.address]) await mined(await wallet.writeContract({ ...usdc, functionName: 'mint', args: [to, MINT] }))
  await mined(await wallet.writeContract({ ...usdc, functionName: 'approve', args: [hub, MINT] }))
  return { connection, payer, wallet, mined, token, hub, usdc, settlement }
}

/** The numbers of an x402 authorization, as decimal strings. */
type Times = { value: string; validAfter: string; validBefore: string }
type Chain = Awaited<ReturnType<typeof openChain>>

describe('the chain and the TypeScript split', () => {
  let chain: Chain
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

  test('let an unmodified x402 client pay a split at an address without code', async () => {
    const { wallet, mined, payer, token, hub, usdc, settlement } = chain
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
    const { payload } = await new ExactEvmScheme(payer).createPaymentPayload(2, requirements)
    // x402 types its payload as a record of unknowns; a wrong guess here would not pass the token's signature check.
    const { signature, authorization: signed } = payload as { signature: Hex; authorization: { from: Hex; to: Hex; nonce: Hex } & Times }
    const times = [BigInt(signed.value), BigInt(signed.validAfter), BigInt(signed.validBefore)] as const
    const args = [signed.from, signed.to, ...times, signed.nonce, signature] as const
    expect(await wallet.getCode({ address: payTo })).toBeUndefined()
    await mined(await wallet.writeContract({ ...usdc, functionName: 'transferWithAuthorization', args }))
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
async function playAndCompare(chain: Chain, game: { run: number; shares: readonly bigint[]; steps: readonly Step[] }) {
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

/** Moves the payer's money towards a split in one of the three ways. */
async function moneyIn(
  { wallet, mined, payer, token, hub, usdc, settlement }: Chain,
  payment: { kind: 'fund' | 'pay' | 'transfer'; value: bigint; splitId: Hex; receiver: Hex; ref: Hex },
) {
  const { kind, value, splitId, receiver, ref } = payment
  if (kind === 'transfer') return mined(await wallet.writeContract({ ...usdc, functionName: 'transfer', args: [receiver, value] }))
  if (kind === 'fund') return mined(await wallet.writeContract({ ...settlement, functionName: 'fund', args: [splitId, ref, token, value] }))
  const message = { from: payer.address, to: hub, value, validAfter: 0n, validBefore: YEAR_2100, nonce: authorizationNonce(splitId, ref) }
  const signature = await payer.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: hardhat.id, verifyingContract: token },
    types: { ReceiveWithAuthorization: authorization },
    primaryType: 'ReceiveWithAuthorization',
    message,
  })
  const auth = { splitId, ref, from: message.from, value, validAfter: message.validAfter, validBefore: message.validBefore, signature }
  return mined(await wallet.writeContract({ ...settlement, functionName: 'pay', args: [token, auth] }))
}

/** Claims for one payee and returns what the chain says it paid. */
async function claim({ wallet, mined, token, settlement }: Chain, tree: SplitTree, index: number): Promise<bigint> {
  const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'claim', args: [tree.share(index), token] }))
  const [log] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'Claimed', logs: receipt.logs })
  return log?.args.value ?? 0n
}

async function sweep({ wallet, mined, token, settlement }: Chain, splitId: Hex): Promise<bigint> {
  const receipt = await mined(await wallet.writeContract({ ...settlement, functionName: 'sweep', args: [splitId, token] }))
  const [log] = parseEventLogs({ abi: SettlementHub.abi, eventName: 'Swept', logs: receipt.logs })
  return log?.args.value ?? 0n
}
