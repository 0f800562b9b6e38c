import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { X402ChannelConfig } from '../../../gateway/ports/x402Channels.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { signTransfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, temporaryFile } from '../../../test/evm/railOnChain.ts'

// What is risked in gas for accounts with code counts only while a transaction is under way, or when one came to nothing.
let chain: QuietChain
beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())

const WAIT = { timeout: 15_000 }
/** ERC-1271's yes to everything. */
const YES = '0x631626ba7e60e01b5f5260205ff3'
const payee: Hex = `0x${'7a'.repeat(20)}`

test('an account with code whose authorization ended before anything was sent for it may pay by another', async () => {
  const data = temporaryFile()
  const rail = await openRail(chain, data.file)
  await rpc(chain.rpcUrl, 'hardhat_setCode', [chain.customers[1]!.address, YES])
  const held = await rpc(chain.rpcUrl, 'eth_getBalance', [rail.operator, 'latest'])
  await rpc(chain.rpcUrl, 'hardhat_setBalance', [rail.operator, '0x1'])
  const early = await signTransfer(chain, { customer: 1, to: payee, value: 70n, validForSeconds: 60 })
  expect(await rail.collect('a', early, { signal: AbortSignal.timeout(1_500) })).toMatchObject({ kind: 'unknown' })
  await rpc(chain.rpcUrl, 'evm_increaseTime', [600])
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  await expect.poll(() => rail.lookupCollection('a'), WAIT).toEqual({ kind: 'failed', reason: 'expired' })
  await rpc(chain.rpcUrl, 'hardhat_setBalance', [rail.operator, held])
  const next = await signTransfer(chain, { customer: 1, to: payee, value: 70n, validForSeconds: 3_600 })
  expect(await rail.collect('b', next, { signal: AbortSignal.timeout(8_000) })).toMatchObject({ kind: 'settled' })
  await rail.close()
  data.remove()
})

test('so may one whose deposit into a channel of x402 ended before anything was sent for it', async () => {
  const data = temporaryFile()
  const rail = await openRail(chain, data.file)
  const payer = chain.customers[2]!.address
  await rpc(chain.rpcUrl, 'hardhat_setCode', [payer, YES])
  const held = await rpc(chain.rpcUrl, 'eth_getBalance', [rail.operator, 'latest'])
  await rpc(chain.rpcUrl, 'hardhat_setBalance', [rail.operator, '0x1'])
  const salt: Hex = `0x${'01'.repeat(32)}`
  const terms = { payer, payerAuthorizer: payer, receiver: payee, receiverAuthorizer: rail.operator, token: chain.token }
  const config: X402ChannelConfig = { ...terms, withdrawDelay: 900, salt }
  const deposit = async (id: string, nonce: Hex, validForSeconds: bigint) => {
    const { timestamp } = (await rpc(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false])) as { timestamp: string }
    const authorization = { value: 70n, validAfter: 0n, validBefore: BigInt(timestamp) + validForSeconds }
    return rail.x402Deposit(id, { config, deposit: { ...authorization, salt: nonce, signature: `0x${'11'.repeat(65)}` } })
  }
  const early = deposit('c', `0x${'02'.repeat(32)}`, 60n)
  await Promise.race([early, new Promise((resolve) => setTimeout(resolve, 1_500))])
  await rpc(chain.rpcUrl, 'evm_increaseTime', [600])
  await rpc(chain.rpcUrl, 'hardhat_mine', ['0x1'])
  expect(await early).toMatchObject({ kind: 'failed' })
  await rpc(chain.rpcUrl, 'hardhat_setBalance', [rail.operator, held])
  expect(await deposit('d', `0x${'03'.repeat(32)}`, 3_600n)).toMatchObject({ kind: 'settled' })
  await rail.close()
  data.remove()
}, 60_000)
