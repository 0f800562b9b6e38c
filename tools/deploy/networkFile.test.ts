import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { DEFAULT_ASSETS } from '@x402/evm'
import * as chains from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { readNetworkFile } from './networkFile.ts'

const names = readdirSync(new URL('../../deploy/networks/', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
const ofValue = names.filter((name) => !name.startsWith('local'))

describe('a network file of the repository', () => {
  test.each(names)('can be read: %s', (name) => {
    expect(readNetworkFile(name).chainId).toBeGreaterThan(0)
  })

  test.each(ofValue)('says of its chain what viem says, and is called a test network only where viem calls it one: %s', (name) => {
    const { chainId, coin, testNetwork } = readNetworkFile(name)
    const known = Object.values(chains).find((chain) => chain.id === chainId)
    expect(known?.nativeCurrency.symbol).toBe(coin)
    expect(known !== undefined && 'testnet' in known && known.testnet === true).toBe(testNetwork)
  })

  test.each(ofValue)('names the dollar token that x402 clients know there: %s', (name) => {
    const { chainId, token } = readNetworkFile(name)
    const known = Object.entries(DEFAULT_ASSETS).find(([network]) => network === `eip155:${chainId}`)?.[1]
    expect(known?.map(({ asset }) => asset)).toContain(token)
  })
})
