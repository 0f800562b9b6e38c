import { setTimeout as pause } from 'node:timers/promises'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { rpc } from '../../../test/evm/chainProcess.ts'
import { Refusal, startLyingProxy } from '../../../test/evm/lyingProxy.ts'
import { random32, signTransfer, transfer } from '../../../test/evm/payer.ts'
import { type QuietChain, startQuietChain } from '../../../test/evm/quietChain.ts'
import { openRail, reader, temporaryFile, tokenBalance } from '../../../test/evm/railOnChain.ts'

// Each of many authorizations is good by itself, and together they are more than their payer has: what is on its way counts, or our gas pays for the others.
let chain: QuietChain
beforeAll(async () => {
  chain = await startQuietChain()
})
afterAll(() => chain?.stop())

const refused = (error: Error) => new Refusal(error.message)
const payee: Hex = `0x${'7b'.repeat(20)}`

test('thirty authorizations at once of a payer with the money for two get two transactions at most, and the others are refused', async () => {
  const data = temporaryFile()
  const node = await startLyingProxy(chain.rpcUrl)
  // As geth does, whose estimate knows nothing of what no block has yet; Hardhat's does.
  node.tell((method, params, ask) => (method === 'eth_estimateGas' ? ask(method, [params[0], 'latest']).catch(refused) : undefined))
  const rail = await openRail(chain, data.file, { rpcUrls: [node.url] })
  const customer = privateKeyToAccount(random32())
  await transfer(chain, 1, customer.address, 150n)
  const signed = await Promise.all(Array.from({ length: 30 }, () => signTransfer(chain, { customer, to: payee, value: 70n })))
  const before = await reader(chain).getTransactionCount({ address: rail.operator })
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  await rpc(chain.rpcUrl, 'evm_setIntervalMining', [1_000])
  // As requests come: one after the other, none after the other's transaction.
  const collect = async (n: number) => {
    await pause(n * 2)
    return rail.collect(`c${n}`, signed[n]!, { signal: AbortSignal.timeout(15_000) })
  }
  const outcomes = await Promise.all(signed.map((_, n) => collect(n)))
  await rpc(chain.rpcUrl, 'evm_setIntervalMining', [0])
  await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
  expect((await reader(chain).getTransactionCount({ address: rail.operator })) - before).toBeLessThanOrEqual(2)
  expect(outcomes.filter(({ kind }) => kind === 'settled')).toHaveLength(2)
  const others = outcomes.filter(({ kind }) => kind !== 'settled')
  expect(others).toEqual(others.map(() => expect.objectContaining({ kind: 'unknown', refusal: 'insufficient_liquidity' })))
  expect([await tokenBalance(chain, payee), await tokenBalance(chain, customer.address)]).toEqual([140n, 10n])
  await rail.close()
  await node.close()
  data.remove()
}, 60_000)
