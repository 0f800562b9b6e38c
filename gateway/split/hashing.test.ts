import fc from 'fast-check'
import * as viem from 'viem'
import { expect, test } from 'vitest'
import { hashText, hashWords, isAddress } from './hashing.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((its) => viem.bytesToHex(its))

test('texts and words are hashed as viem hashes them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(hashText(text)).toBe(viem.keccak256(viem.stringToHex(text)))
    }),
  )
  const types = [{ type: 'address' }, { type: 'uint256' }, { type: 'bytes32' }] as const
  fc.assert(
    fc.property(hex(20), fc.bigInt(0n, 2n ** 256n - 1n), hex(32), (address, number, hash) => {
      const account = viem.getAddress(address)
      expect(hashWords(account, number, hash)).toBe(viem.keccak256(viem.encodeAbiParameters(types, [account, number, hash])))
    }),
  )
})

test.each([[2n ** 256n], [-1n], [`0x${'11'.repeat(33)}`], ['0xzz']] as const)('%s is no word', (value) => {
  expect(() => hashWords(value)).toThrow()
})

test('an address is one when viem says so, whatever the case of its letters', () => {
  const spelled = hex(20).chain((address) =>
    fc.oneof(
      fc.constantFrom<string>(
        address,
        viem.getAddress(address),
        `0x${address.slice(2).toUpperCase()}`,
        address.slice(0, -1),
        `${address}0`,
      ),
      fc.mixedCase(fc.constant(address)),
      fc.nat({ max: 41 }).map((at) => {
        const right = viem.getAddress(address)
        const letter = right.charAt(at)
        return right.slice(0, at) + (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()) + right.slice(at + 1)
      }),
    ),
  )
  fc.assert(
    fc.property(spelled, (text) => {
      expect([text, isAddress(text)]).toEqual([text, viem.isAddress(text)])
    }),
    { numRuns: 500 },
  )
})
