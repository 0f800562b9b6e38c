import { concat, keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { authorizationNonce } from './authorizationNonce.ts'
import { receiverAddress } from './receiverAddress.ts'

// The third example of EIP-1014.
test("a receiver's address follows EIP-1014", () => {
  const address = receiverAddress(
    '0xdeadbeef00000000000000000000000000000000',
    '0x000000000000000000000000feed000000000000000000000000000000000000',
    '0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a',
  )
  expect(address).toBe('0xD04116cDd17beBE565EB2422F2497E06cC1C9833')
})

test('a nonce binds the split and the reference, each in its place', () => {
  const one = `0x${'11'.repeat(32)}` as const
  const two = `0x${'22'.repeat(32)}` as const
  expect(authorizationNonce(one, two)).toBe(keccak256(concat([one, two])))
  expect(authorizationNonce(one, two)).not.toBe(authorizationNonce(two, one))
  expect(authorizationNonce(one, two)).not.toBe(authorizationNonce(one, one))
})
