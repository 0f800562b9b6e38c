import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'
import { RICH_KEY, startEmptyChain } from '../../../test/evm/emptyChain.ts'
import { createChain } from '../node/chain.ts'
import { openRpc } from '../node/rpc.ts'
import { DEFAULTS } from '../settings.ts'
import { contractsFor } from './deployedContracts.ts'
import { PRESIGNED_BY, PRESIGNED_TRANSACTION } from './deterministicDeployer.ts'
import { executeDeployment, isComplete } from './executeDeployment.ts'
import { planDeployment } from './planDeployment.ts'

type Call = { id: number; method: string; params: unknown[] }
/** What the node does with a call: its word instead of an answer, silence or "already known" after it has done what was asked, or nothing special. */
type Mood = (call: Call) => { error: string } | 'silent' | 'known' | undefined

const account = privateKeyToAccount(RICH_KEY)
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A chain behind a node with a will of its own. */
async function start(mood: Mood) {
  const node = await startEmptyChain(31337)
  closing.push(node.close)
  const server = createServer(async (request, response) => {
    const call = (await json(request)) as Call // Our own client's.
    const will = mood(call)
    if (typeof will === 'object') {
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, error: { code: -32000, message: will.error } }))
      return
    }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(node.rpcUrl, { method: 'POST', headers, body: JSON.stringify(call) })
    const text = await answer.text()
    if (will === 'silent') response.destroy()
    else if (will === 'known')
      response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, error: { code: -32000, message: 'already known' } }))
    else response.end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const { port } = server.address() as AddressInfo // A TCP server's address is never a string.
  const rpc = openRpc({ url: `http://127.0.0.1:${port}`, timeoutMs: 10_000 })
  closing.push(rpc.close)
  const chain = createChain(rpc)
  const plan = () => planDeployment(chain, { chainId: 31337, contracts: contractsFor({ testToken: true }), gas: DEFAULTS.gas })
  const deploy = async () => executeDeployment(await plan(), { chain, account, patience: { pollMs: 20, deadlineMs: 10_000 } })
  return { chain, plan, deploy }
}

test('a node that refuses transactions without a chain id is found out before ether goes to the presigned one', async () => {
  const { chain, deploy } = await start(({ method, params }) =>
    method === 'eth_sendRawTransaction' && params[0] === PRESIGNED_TRANSACTION
      ? { error: 'only replay-protected (EIP-155) transactions allowed over RPC' }
      : undefined,
  )
  await expect(deploy()).rejects.toMatchObject({ code: 'deployment_refused', hint: expect.stringContaining('--rpc.allow-unprotected-txs') })
  expect(await chain.balance(PRESIGNED_BY, 'latest')).toBe(0n)
  expect(await chain.transactionCount(account.address, 'latest')).toBe(0n)
})

test('a transaction whose answer was lost is looked up, and not sent again', async () => {
  const { chain, plan, deploy } = await start(({ method }) => (method === 'eth_sendRawTransaction' ? 'silent' : undefined))
  await deploy()
  expect(isComplete(await plan())).toBe(true)
  // The ether for the presigned transaction, and one for each contract.
  expect(await chain.transactionCount(account.address, 'latest')).toBe(BigInt(1 + contractsFor({ testToken: true }).length))
})

test('a transaction that the node has already is waited for', async () => {
  const seen = new Set<unknown>()
  // The presigned transaction is offered twice: unpaid, to learn whether the node takes its kind, and then paid.
  const { plan, deploy } = await start(({ method, params }) => {
    if (method !== 'eth_sendRawTransaction' || params[0] !== PRESIGNED_TRANSACTION) return undefined
    if (seen.has(params[0])) return 'known'
    seen.add(params[0])
    return undefined
  })
  await deploy()
  expect(isComplete(await plan())).toBe(true)
})

test('what a node says when it refuses a transaction is handed on', async () => {
  const { deploy } = await start(({ method, params }) =>
    method === 'eth_sendRawTransaction' && params[0] !== PRESIGNED_TRANSACTION ? { error: 'txpool is full' } : undefined,
  )
  await expect(deploy()).rejects.toMatchObject({ code: 'deployment_refused', shortMessage: expect.stringContaining('txpool is full') })
})
