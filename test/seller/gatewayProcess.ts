import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { patience } from '../../gateway/ports/patience.ts'
import type { ChainReady } from '../../world/chain/ready.ts'
import { localConfig, OPERATOR_KEY } from '../localConfig.ts'

type FromGateway = { railsOpen?: object; ready?: { url: string } }

/**
 * A gateway on this chain, or without a rail, in a process of its own, which can be killed and started again on the same data and port. `more`: of its
 * configuration.
 */
export async function startGatewayProcess(chain: ChainReady | undefined, more: object = {}) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-seller-'))
  let child: ChildProcess
  let url = ''

  async function start(): Promise<void> {
    const file = join(dataDir, 'config.json')
    const port = url === '' ? 0 : Number.parseInt(new URL(url).port, 10)
    writeFileSync(file, JSON.stringify(localConfig(dataDir, { ...more, port, ...(chain ? { evm: [evmOf(chain)] } : {}) })))
    child = fork(fileURLToPath(new URL('../../app/cli/main.ts', import.meta.url)), ['gateway', '--config', file], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [...NODE_FLAGS],
      env: { ...process.env, SWITCHYARD_LOG: 'error' },
    })
    const started = child
    await new Promise<void>((resolve, reject) => {
      const waiting = patience(reject, 'the gateway')
      const ended = (code: number | null) => {
        waiting.end()
        reject(new Error(`the gateway ended before it was ready (${code})`))
      }
      started.once('exit', ended)
      started.on('message', (message: FromGateway) => {
        waiting.progress()
        if (message.railsOpen) started.send({ go: true })
        if (!message.ready) return
        waiting.end()
        started.off('exit', ended)
        ;({ url } = message.ready)
        resolve()
      })
    })
  }

  /** SIGKILL, at once. */
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGKILL')
    await ended
  }

  async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<{ body: T; headers: Headers }> {
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
    const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
    return { body: (await response.json()) as T, headers: response.headers }
  }

  await start()
  return {
    url: () => url,
    start,
    kill,
    async seller(): Promise<{ id: string; key: string }> {
      const { body, headers } = await call<{ id: string }>('POST', '/v1/parties', { name: 'seller' })
      return { id: body.id, key: headers.get('switchyard-api-key')! }
    },
    /** What a party has, held for it or its own, in the asset of balances. */
    async balances(party: string): Promise<{ available: string; code: string }[]> {
      return (await call<{ balances: { available: string; code: string }[] }>('GET', `/v1/parties/${party}`)).body.balances
    },
    verify: async () => (await call<{ ok: boolean }>('GET', '/v1/verify')).body,
    async close(): Promise<void> {
      await kill()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export type GatewayProcess = Awaited<ReturnType<typeof startGatewayProcess>>

function evmOf(chain: ChainReady) {
  const token = { address: chain.token, name: chain.tokenName, version: chain.tokenVersion, ledger: 100 }
  const { chainId, hub, operatorKey, rpcUrl } = chain
  return { chainId, rpcUrls: [rpcUrl], hub, operatorKey, finality: { depth: 0 }, pollMs: 25, token }
}
