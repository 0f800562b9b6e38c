import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
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
