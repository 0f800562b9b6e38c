import { expect, test } from 'vitest'
import { networkOf } from './network.ts'

const REGTEST = '06226e46111a0b59caaf126043eb5bbf28c34f3a5e332a1fc7b2b73cf188910f'

test('a node is on the network of its genesis block, in either order of its bytes', () => {
  expect(networkOf([REGTEST])).toBe('regtest')
  expect(networkOf([Buffer.from(REGTEST, 'hex').reverse().toString('hex')])).toBe('regtest')
  expect(networkOf(['6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000'])).toBe('mainnet')
})

test('another chain, several, or none is no network of ours', () => {
  expect(networkOf(['00'.repeat(32)])).toBeUndefined()
  expect(networkOf([REGTEST, REGTEST])).toBeUndefined()
  expect(networkOf([])).toBeUndefined()
})
