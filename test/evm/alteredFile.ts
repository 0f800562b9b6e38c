import { cpSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { keccak256, parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import type { EvmRail } from '../../adapters/evm/railFaces.ts'
import type { AttemptId, Hex } from '../../gateway/ports/ids.ts'
import { type LyingProxy, startLyingProxy } from './lyingProxy.ts'
import type { QuietChain } from './quietChain.ts'
import { openRail, payout, reader, signal } from './railOnChain.ts'

/** A rail's file and the endpoint that its rail, opened on it alone, is reached by. */
type Scene = Readonly<{ chain: QuietChain; file: string; endpoint: LyingProxy; open: () => Promise<EvmRail> }>

const RPC_TIMEOUT_MS = 5_000
const WAIT = { timeout: 15_000, interval: 25 }
const EARLIER: Hex = `0x${'f0'.repeat(20)}`
const OTHER: Hex = `0x${'0f'.repeat(20)}`

/** A payout that a copy of the file holds for unsent, paid with `others` more after the copy, which is put back. Answers with the count in the copy. */
export async function paidAfterCopy({ chain, file, endpoint, open }: Scene, id: AttemptId, address: Hex, others = 0) {
  const first = await open()
  await first.send(payout(chain, `${id}_earlier`, EARLIER, 1n), { signal: signal() })
  const bare = payout(chain, id, address, 700n)
  const order = { ...bare, railKey: first.railKey?.(bare.destination, id) ?? '' }
  endpoint.tell((method) => {
    if (method === 'eth_estimateGas') throw new Error('silent')
  })
  const asked = endpoint.calls('eth_estimateGas')
  const sending = first.send(order, { signal: signal() })
  await expect.poll(() => endpoint.calls('eth_estimateGas'), WAIT).toBeGreaterThan(asked)
  await first.close()
  await sending
  const count = await reader(chain).getTransactionCount({ address: first.operator })
  const copy = `${file}.copy`
  cpSync(file, copy)
  endpoint.tell(undefined)
  const second = await open()
  await expect.poll(() => second.lookup(order.id, order), WAIT).toMatchObject({ kind: 'settled' })
  for (let i = 0; i < others; i++) await second.send(payout(chain, `${id}_other_${i}`, OTHER, 1n), { signal: signal() })
  await second.close()
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  cpSync(copy, file)
  return { order, count }
}

/** A file as a lie about the count left it: one payout, signed at a nonce that the chain is far from. */
export async function signedAt(
  { chain, file }: Pick<Scene, 'chain' | 'file'>,
  order: Readonly<{ id: AttemptId; address: Hex; nonce: number }>,
) {
  const { id, address, nonce } = order
  // Of its own, which never sends anything: what is still on its way when the rail closes must not reach the chain at its true nonce.
  const endpoint = await startLyingProxy(chain.rpcUrl)
  const first = await openRail(chain, file, { rpcUrls: [endpoint.url], rpcTimeoutMs: RPC_TIMEOUT_MS })
  endpoint.tell((method) => {
    if (method === 'eth_sendRawTransaction') throw new Error('silent')
  })
  const sending = first.send(payout(chain, id, address, 9n), { signal: signal() })
  await expect.poll(() => endpoint.calls('eth_sendRawTransaction'), WAIT).toBeGreaterThan(0)
  await first.close()
  await sending
  await endpoint.close()
  const database = new DatabaseSync(file)
  const { raw } = database.prepare('SELECT raw FROM signed').get() as { raw: Hex } // one row, and STRICT text.
  const { to, gas, maxFeePerGas, maxPriorityFeePerGas, data } = parseTransaction(raw)
  const fees = { maxFeePerGas: maxFeePerGas!, maxPriorityFeePerGas: maxPriorityFeePerGas!, gas: gas! }
  const call = { type: 'eip1559', chainId: chain.chainId, nonce, to: to!, data: data!, ...fees } as const
  const far = await privateKeyToAccount(chain.operatorKey).signTransaction(call)
  database.exec('PRAGMA foreign_keys = OFF')
  database.prepare('UPDATE transactions SET nonce = ?').run(nonce)
  database.prepare('UPDATE signed SET nonce = ?, raw = ?, hash = ?').run(nonce, far, keccak256(far))
  database.close()
}
