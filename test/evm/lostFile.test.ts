import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { ETH } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { type AnvilChain, startAnvil } from './anvilChain.ts'
import type { GatewayOnChain } from './gatewayOnChain.ts'
import { startPaidGateway } from './paidGateway.ts'
import { reader, tokenBalance } from './railOnChain.ts'

// The rail's own file is lost, or an older copy is put in its place, while the journal is whole and a payment is on its way.
const DEPTH = 1
const WAIT = { timeout: 15_000, interval: 25 }
const UNITS = 1_200n

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

const freshAddress = (): Hex => `0x${(0xacc1_0000 + ++payees).toString(16).padStart(40, '0')}`
const get = (id: string) => yard.gateway().payouts.payouts.get(id)
const inPool = async () => JSON.stringify(await chain.call('txpool_content'))
/** How our transaction begins: `transfer(address,uint256)` and the payee. */
const transferTo = (address: Hex) => `0xa9059cbb${address.slice(2).padStart(64, '0')}`
const railFiles = () => readdirSync(yard.dataDir).filter((name) => name.startsWith('evm-'))

async function create(address: Hex): Promise<string> {
  const { payouts } = yard.gateway().payouts
  const amount = money(yard.gateway().ground.bookAsset, UNITS)
  const order = { source, amount, destinations: [{ kind: 'evm_address', address } as const], reference: 'r', createdBy: 'test' }
  return (await payouts.create(order)).id
}

/** A payout whose transaction is in the pool and in no block, and the gateway stopped. */
async function stoppedUnderWay(address: Hex): Promise<string> {
  await chain.call('evm_setAutomine', [false])
  const id = await create(address)
  await expect.poll(inPool, WAIT).toContain(transferTo(address))
  await yard.down()
  return id
}

async function mineOn(): Promise<void> {
  await chain.call('evm_setAutomine', [true])
  await chain.mine(3)
}

function loseFile(): void {
  for (const name of railFiles()) rmSync(join(yard.dataDir, name))
}

/** The files as they are now, to be put back later. */
function copyFiles(): () => void {
  const copy = mkdtempSync(join(tmpdir(), 'evm-copy-'))
  for (const name of railFiles()) cpSync(join(yard.dataDir, name), join(copy, name))
  return () => {
    loseFile()
    cpSync(copy, yard.dataDir, { recursive: true })
    rmSync(copy, { recursive: true })
  }
}

async function isStuckAndPaidOnce(id: string, address: Hex): Promise<void> {
  await expect.poll(() => get(id).status, WAIT).not.toBe('processing')
  expect((await inPool()).split(transferTo(address))).toHaveLength(2)
  await mineOn()
  await expect.poll(() => tokenBalance(chain, address), WAIT).toBe(UNITS)
  expect(get(id)).toMatchObject({ status: 'outcome_unknown', attempts: [{ outcome: 'unknown', stuck: true }] })
  // A later payout comes after whatever could still be sent for this one.
  const next = freshAddress()
  const later = await create(next)
  await expect.poll(() => tokenBalance(chain, next), WAIT).toBe(UNITS)
  await chain.mine(DEPTH)
  await expect.poll(() => get(later).status, WAIT).toBe('settled')
  expect(await tokenBalance(chain, address)).toBe(UNITS)
  expect(get(id).status).toBe('outcome_unknown')
}

/** The transaction that paid the address. */
async function paymentOf(address: Hex): Promise<Hex> {
  const events = await reader(chain).getContractEvents({
    address: chain.token,
    abi: TestUSDC.abi,
    eventName: 'Transfer',
    args: { to: address },
    fromBlock: 0n,
  })
  expect(events).toHaveLength(1)
  return events[0]!.transactionHash
}

test('a payout on its way whose file is lost is not sent again, and waits for a person, who ends it as what the chain shows', async () => {
  const address = freshAddress()
  const id = await stoppedUnderWay(address)
  loseFile()
  await yard.up()
  await isStuckAndPaidOnce(id, address)
  const { attempts } = get(id)
  expect(attempts[0]!.detail).toContain(address)
  const hash = await paymentOf(address)
  const deed = { what: 'end_attempt', payout: get(id).id, attempt: attempts[0]!.id, outcome: 'settled' } as const
  const grounds = { reason: 'the chain shows the transfer', evidence: { text: hash } }
  const hand = { by: 'operator', along: () => ({ claims: [], facts: [] }) }
  const { ground, suspense } = yard.gateway()
  await suspense.ask(deed, suspense.attemptAmount(deed.payout, deed.attempt), grounds, hand)
  await expect.poll(() => get(id), WAIT).toMatchObject({ status: 'settled', evidence: { id: hash, proof: hash } })
  expect(yard.credit(source)).toBe(5_000n - 2n * UNITS)
  // The lost file alone knew that its gas was ours to pay.
  const { gasUsed, effectiveGasPrice } = await reader(chain).getTransactionReceipt({ hash })
  const rail = `evm:${chain.chainId}`
  const adjustment = { what: 'adjust', debit: `fee:paid:${rail}`, credit: `rail:${rail}:gas` } as const
  await suspense.ask(adjustment, money(ground.assetOf(ETH.id), gasUsed * effectiveGasPrice), grounds, hand)
  await expect.poll(async () => (await yard.gateway().audit.verify()).ok, WAIT).toBe(true)
})

test('a payout on its way beside an older copy of the file is not sent again, and waits for a person', async () => {
  await yard.down()
  const putBack = copyFiles()
  await yard.up()
  const address = freshAddress()
  const id = await stoppedUnderWay(address)
  putBack()
  await yard.up()
  await isStuckAndPaidOnce(id, address)
})
