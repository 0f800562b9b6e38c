import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { startPaidGateway } from './paidGateway.ts'
import { walletOf } from './payer.ts'
import { reader, tokenBalance } from './railOnChain.ts'

// Payouts that the books count as ended, whose blocks are then replaced: on the new chain they may end otherwise.
const DEPTH = 1
const WAIT = { timeout: 15_000, interval: 25 }
/** Above what any of our transactions offers as a tip, so that it is first in its block. */
const FIRST = { maxFeePerGas: 400_000_000_000n, maxPriorityFeePerGas: 100_000_000_000n }

let chain: AnvilChain
let yard: GatewayOnChain
let source: string
let payees = 0

beforeAll(async () => {
  chain = await startAnvil()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  ;({ yard, source } = await startPaidGateway(chain, DEPTH))
})
afterEach(async () => {
  await yard?.close()
  await chain.call('evm_setAutomine', [true])
  await chain.mine(1)
})

const pause = () => chain.call('evm_setAutomine', [false])
const freshAddress = (): Hex => `0x${(0xacc0_0000 + ++payees).toString(16).padStart(40, '0')}`
const status = (id: string) => yard.gateway().payouts.payouts.get(id).status
const exceptions = () => yard.gateway().payins.settlements.exceptions()
const verified = async () => (await yard.gateway().audit.verify()).ok
const inPool = async () => JSON.stringify(await chain.call('txpool_content'))
/** How our transaction begins: `transfer(address,uint256)` and the payee. */
const transferTo = (address: Hex) => `0xa9059cbb${address.slice(2).padStart(64, '0')}`
const create = (address: Hex) =>
  yard.gateway().payouts.payouts.create({
    source,
    amount: money(yard.gateway().ground.bookAsset, 1_200n),
    destinations: [{ kind: 'evm_address', address }],
    reference: 'r',
    createdBy: 'test',
  })
const block = (address: Hex) =>
  walletOf(chain, 4).writeContract({
    address: chain.token,
    abi: TestUSDC.abi,
    functionName: 'blacklist',
    args: [address],
    gas: 100_000n,
    ...FIRST,
  })

async function settled(address: Hex): Promise<string> {
  const { id } = await create(address)
  await expect.poll(() => tokenBalance(chain, address), WAIT).toBe(1_200n)
  await chain.mine(DEPTH)
  await expect.poll(() => status(id), WAIT).toBe('settled')
  return id
}

test('a settled payout that reverts on the new chain is an exception, and its money stands in suspense', async () => {
  const address = freshAddress()
  await settled(address)
  await pause()
  await chain.reorg(2)
  await block(address)
  await expect.poll(inPool, WAIT).toContain(transferTo(address))
  await chain.mine(1 + DEPTH)
  await expect
    .poll(() => exceptions().filter(({ what }) => /the payee is not paid/.test(what)), WAIT)
    .toEqual([expect.objectContaining({ amount: '0.0012', asset: 'USDC' })])
  expect(yard.gateway().payins.settlements.unmatched()).toEqual([
    expect.objectContaining({ amount: money(yard.gateway().ground.bookAsset, 1_200n) }),
  ])
  expect(await tokenBalance(chain, address)).toBe(0n)
  expect(await verified()).toBe(true)
})

test('a settled payout whose nonce another program takes on the new chain is not paid again, and is an exception', async () => {
  const address = freshAddress()
  await settled(address)
  const before = exceptions().filter(({ what }) => /the payee is not paid/.test(what)).length
  const operator = privateKeyToAccount(chain.operatorKey)
  await pause()
  await chain.reorg(2)
  const nonce = await reader(chain).getTransactionCount({ address: operator.address })
  const foreign = { type: 'eip1559', chainId: chain.chainId, nonce, to: operator.address, gas: 21_000n, ...FIRST } as const
  await expect.poll(inPool, WAIT).toContain(transferTo(address))
  await chain.call('eth_sendRawTransaction', [await operator.signTransaction(foreign)])
  await chain.mine(1 + DEPTH)
  await expect.poll(() => exceptions().filter(({ what }) => /the payee is not paid/.test(what)).length, WAIT).toBe(before + 1)
  await chain.mine(1 + DEPTH)
  expect(await inPool()).not.toContain(transferTo(address))
  expect(await tokenBalance(chain, address)).toBe(0n)
  // The other program's gas is nobody's in our books; the tokens agree.
  const wallet = async () => (await yard.gateway().audit.verify()).rails.find(({ account }) => account.endsWith(':wallet'))
  await expect.poll(wallet, { timeout: 20_000 }).toMatchObject({ verdict: 'equal', in_flight: [] })
})

test('a payout that failed by reverting is not sent again: its nonce goes to an empty transfer', async () => {
  const address = freshAddress()
  await pause()
  const { id } = await create(address)
  await expect.poll(inPool, WAIT).toContain(transferTo(address))
  await block(address)
  await chain.mine(1 + DEPTH)
  await expect.poll(() => status(id), WAIT).toBe('failed')
  await expect.poll(() => yard.credit(source), WAIT).toBe(5_000n)

  const operator = privateKeyToAccount(chain.operatorKey).address.toLowerCase()
  await chain.reorg(2)
  await expect.poll(inPool, WAIT).toContain(operator)
  expect(await inPool()).not.toContain(transferTo(address))
  await chain.mine(1 + DEPTH)
  await expect.poll(verified, { timeout: 20_000 }).toBe(true)
  expect(await tokenBalance(chain, address)).toBe(0n)
  expect(yard.credit(source)).toBe(5_000n)
})
