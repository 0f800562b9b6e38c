import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { DEFAULT_ASSETS } from '@x402/evm'
import * as chains from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { gasCoinOf } from '../../app/config/gasCoins.ts'
import { readNetworkFile } from './networkFile.ts'

const names = readdirSync(new URL('../../deploy/networks/', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => basename(file, '.json'))
/** Where x402 knows none: as docs.gelato.cloud (OP) and developer.interlace.money (test networks) copy Circle's list, read on 2026-11-25. */
const LISTED: Readonly<Record<string, string>> = {
  optimism: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85',
  'optimism-sepolia': '0x5fd84259d66Cd46123540766Be93DFE6D43130D7',
  'ethereum-sepolia': '0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238',
  'polygon-amoy': '0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582',
  'avalanche-fuji': '0x5425890298aed601595a70AB815c96711a31Bc65',
}
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

  test.each(ofValue)('has gas in the coin by which a gateway there prices it: %s', (name) => {
    const { chainId, coin } = readNetworkFile(name)
    expect(gasCoinOf({ chainId })).toBe(coin)
  })

  test('names the dollar token that x402 clients know there, and the listed one where they know none', () => {
    const named = ofValue.map((name) => {
      const { chainId, token } = readNetworkFile(name)
      const known = Object.entries(DEFAULT_ASSETS).find(([network]) => network === `eip155:${chainId}`)?.[1]
      return { name, token, known: known?.map(({ asset }) => asset as string) ?? [LISTED[name]] }
    })
    expect(named.filter(({ token, known }) => !known.includes(token))).toEqual([])
    expect(named).toHaveLength(12)
  })
})
