import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { toHex } from '../offers/bytes.ts'
import { keyAccount } from './keyAccount.ts'
import { transferTypedData } from './transferTypedData.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex)
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })

test('a key has the address, and signs a transfer, as viem says', async () => {
  const transfer = fc.record({ from: hex(20), to: hex(20), value: uint256, validAfter: uint256, validBefore: uint256, nonce: hex(32) })
  const domain = fc.record({ name: fc.string(), version: fc.string({ minLength: 1 }), chainId: fc.nat(), verifyingContract: hex(20) })
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: 1n, max: 2n ** 255n }), domain, transfer, async (secret, on, message) => {
      const key = `0x${secret.toString(16).padStart(64, '0')}` as const
      const [mine, viems] = [keyAccount(key), privateKeyToAccount(key)]
      const data = transferTypedData(on, message)
      expect(mine.address).toBe(viems.address.toLowerCase())
      expect(await mine.signTypedData(data)).toBe(await viems.signTypedData(data))
    }),
    { numRuns: 20 },
  )
})
