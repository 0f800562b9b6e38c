import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRecord } from '../record.ts'
import { accountAt } from './accounts.ts'
import { localRpc } from './localRpc.ts'
import { startNetwork } from './network.ts'
import { PROFILES } from './profiles.ts'
import type { ChainRow } from './recorded.ts'

const PROFILE = PROFILES.mainChain

function recordFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-chain-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'requests.jsonl')
}

async function chainOf(file: string) {
  const record = openRecord<ChainRow>(file)
  const network = await startNetwork(PROFILE, { record })
  onTestFinished(network.close)
  const rpc = localRpc(network.rpcUrl)
  return {
    rpc,
    close: record.close,
    head: () => rpc('eth_getBlockByNumber', ['latest', false]) as Promise<{ number: string; hash: string; baseFeePerGas: string }>,
  }
}

const send = { from: accountAt(0).address, to: accountAt(1).address, value: '0x1' }

test('a chain that is told its record again has the same blocks, hash for hash', async () => {
  const file = recordFile()
  const first = await chainOf(file)
  await first.rpc('eth_sendTransaction', [send])
  await first.rpc('evm_increaseTime', [3_600])
  await first.rpc('hardhat_mine', ['0x5'])
  await expect(first.rpc('eth_sendTransaction', [{ ...send, nonce: '0x0' }])).rejects.toThrow(/nonce/i)
  await Promise.all([1, 2, 3].map((wei) => first.rpc('eth_sendTransaction', [{ ...send, value: `0x${wei}` }])))
  const head = await first.head()
  expect(BigInt(head.number)).toBe(9n)
  first.close()
  const second = await chainOf(file)
  expect(await second.head()).toEqual(head)
  await second.rpc('eth_sendTransaction', [send])
  second.close()
  expect(await (await chainOf(file)).head()).toEqual(await second.head())
})

test('every block has the price of the profile, unless somebody sets another for the next one', async () => {
  const { rpc, head } = await chainOf(recordFile())
  const price = async () => BigInt((await head()).baseFeePerGas)
  for (let i = 0; i < 3; i++) {
    await rpc('eth_sendTransaction', [send])
    expect(await price()).toBe(PROFILE.baseFeeWei)
  }
  await rpc('hardhat_setNextBlockBaseFeePerGas', ['0x77359400'])
  await rpc('eth_sendTransaction', [send])
  expect(await price()).toBe(0x77359400n)
  await rpc('evm_mine', [])
  expect(await price()).toBe(PROFILE.baseFeeWei)
})
