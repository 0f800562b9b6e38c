import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchWithL402 } from '@getalby/lightning-tools/402/l402'
import { createPublicClient, erc20Abi, http } from 'viem'
import { expect, onTestFinished, test } from 'vitest'
import { NODE_FLAGS } from '../../gateway/ports/nodeFlags.ts'
import { type RunningYard, startYard } from '../../packages/dev/testing.ts'
import { until } from '../e2e/yard.ts'

const PATIENCE_MS = 600_000
const STRANGER = '0x00000000000000000000000000000000000000f5'

const tokenAt = ({ rpcUrl, token }: { rpcUrl: string; token: `0x${string}` }) =>
  createPublicClient({ transport: http(rpcUrl) }).readContract({
    address: token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [STRANGER],
  })

async function asked<T>({ url, key }: { url: string; key: string }, path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
  return (await response.json()) as T
}

async function agrees(yard: RunningYard): Promise<void> {
  await until('every balance agrees', async () => (await asked<{ ok: boolean }>(yard, '/v1/verify')).ok, PATIENCE_MS)
}

const lightningOf = async (yard: RunningYard) => {
  const { rails } = await asked<{ rails: { account: string; rail_balance: string }[] }>(yard, '/v1/verify')
  return rails.find(({ account }) => account === 'rail:lightning:node')!
}

/** Starts a yard in a process of its own, which is killed at once when it is ready. */
async function killedYard(folder: string): Promise<{ key: string; route: string; rpcUrl: string }> {
  const child = fork(fileURLToPath(new URL('yardProcess.ts', import.meta.url)), [folder], { execArgv: [...NODE_FLAGS] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [told] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error('the yard ended')))])
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  return told
}

test('a kept world goes on where it stood, also after a kill', { timeout: PATIENCE_MS }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const killed = await killedYard(folder)
  const first = await startYard({ data: folder })
  onTestFinished(first.stop)
  expect(first.key).toBe(killed.key)
  await first.fund(STRANGER, { dollars: '12.5' })
  const pay = (yard: RunningYard) => fetchWithL402(yard.route, {}, { wallet: yard.wallets.lightning })
  expect((await pay(first)).status).toBe(200)
  await agrees(first)
  const held = await lightningOf(first)
  await expect(startYard({ data: folder })).rejects.toMatchObject({ code: 'unsafe_configuration' })
  await first.stop()

  const second = await startYard({ data: folder })
  onTestFinished(second.stop)
  expect(second.chains).toEqual(first.chains)
  for (const chain of second.chains) expect(await tokenAt(chain)).toBe(12_500_000n)
  expect(await lightningOf(second)).toEqual(held)
  expect((await pay(second)).status).toBe(200)
  expect(await lightningOf(second)).not.toEqual(held)
  await agrees(second)
})

test('a folder with something else in it is refused before anything starts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdtempSync(join(folder, 'something-'))
  await expect(startYard({ data: folder })).rejects.toMatchObject({ code: 'unsafe_configuration' })
})
