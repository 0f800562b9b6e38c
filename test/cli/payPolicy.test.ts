import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { heardServer } from '../client/heardServer.ts'
import { x402Express } from '../client/otherServers.ts'
import { commandRun } from './commandRun.ts'

const KEY = `0x${'42'.repeat(32)}`

async function shop(): Promise<string> {
  const server = await x402Express()
  onTestFinished(() => server.close())
  return server.url
}

/** The payer's command with this wallet file. */
function person(wallet: object) {
  const home = mkdtempSync(join(tmpdir(), 'switchyard-person-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const file = join(home, 'wallet.json')
  writeFileSync(file, JSON.stringify(wallet), { mode: 0o600 })
  return (...words: string[]) => commandRun([...words, '--wallet', file])
}

test('a way to pay is forced for one request by --by, and for all by the wallet’s file', async () => {
  const url = await shop()
  const run = person({ evm: { key: KEY } })
  const { code, out } = await run('pay', url, '--max', '0.01', '--by', 'x402', '--json')
  expect([code, JSON.parse(out).receipt.decision.why]).toEqual([0, 'the only way that the policy allows (x402)'])
  const other = await run('pay', url, '--max', '0.01', '--by', 'lightning,l402')
  expect([other.code, other.err]).toEqual([1, expect.stringContaining('policy.only allows lightning, l402 alone')])
  for (const wrong of ['foo', 'x402,foo', ',', 'bank'])
    expect(await run('pay', url, '--max', '0.01', '--by', wrong)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is no way to pay'),
    })
  const forced = await person({ evm: { key: KEY }, policy: { only: ['lightning'] } })('pay', url, '--max', '0.01')
  expect([forced.code, forced.err]).toEqual([1, expect.stringContaining('policy.only allows lightning alone')])
})

test('a wallet whose chain can be asked is not paid from beyond what it holds', async () => {
  const url = await shop()
  const asked: unknown[] = []
  const held = { units: 1_999n }
  const chain = await heardServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      asked.push(JSON.parse(body).method)
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${held.units.toString(16)}` }))
    })
  })
  const run = person({ evm: { key: KEY, rpc: { 84532: chain.url } } })
  const poor = await run('pay', url, '--max', '0.01')
  expect([poor.code, poor.err]).toEqual([1, expect.stringContaining('the wallet holds 0.001999 USDC of the 0.002 USDC that it asks')])
  held.units = 2_000n
  expect((await run('pay', url, '--max', '0.01')).code).toBe(0)
  expect(new Set(asked)).toEqual(new Set(['eth_call']))
})
