import fc from 'fast-check'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { keyAccount } from './keyAccount.ts'
import { permitTypedData } from './permitTypedData.ts'
import { transferTypedData } from './transferTypedData.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((b): Hex => `0x${Buffer.from(b).toString('hex')}`)
const uint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })

test('a key signs transfers as viem does with it, with the same address', async () => {
  const anything = fc.record({
    key: fc.bigInt({ min: 1n, max: 2n ** 255n }).map((n): Hex => `0x${n.toString(16).padStart(64, '0')}`),
    domain: fc.record({ name: fc.string(), version: fc.string({ minLength: 1 }), chainId: fc.nat(), verifyingContract: hex(20) }),
    message: fc.record({ from: hex(20), to: hex(20), value: uint, validAfter: uint, validBefore: uint, nonce: hex(32) }),
  })
  await fc.assert(
    fc.asyncProperty(anything, async ({ key, domain, message }) => {
      const [ours, theirs] = [keyAccount(key), privateKeyToAccount(key)]
      const data = transferTypedData(domain, message)
      expect(ours.address).toBe(theirs.address.toLowerCase())
      expect(await ours.signTypedData(data)).toBe(await theirs.signTypedData(data))
    }),
    { numRuns: 25 },
  )
})

test.each([undefined, `0x${'fa'.repeat(20)}` as const])(
  'a key signs permits as viem does with it, with the facilitator %s',
  async (facilitator) => {
    const key: Hex = `0x${'42'.repeat(32)}`
    const anything = fc.record({
      token: hex(20),
      units: uint,
      spender: hex(20),
      nonce: uint,
      deadline: uint,
      to: hex(20),
      validAfter: uint,
    })
    await fc.assert(
      fc.asyncProperty(anything, async (permit) => {
        const data = permitTypedData(8_453, { ...permit, facilitator })
        expect(await keyAccount(key).signTypedData(data)).toBe(await privateKeyToAccount(key).signTypedData(data))
      }),
      { numRuns: 10 },
    )
  },
)

test('what is no key is refused without being repeated', () => {
  for (const wrong of ['', '0x12', `0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`, 'secret words']) {
    const refuse = () => keyAccount(wrong as Hex)
    expect(refuse).toThrow(/no private key/)
    if (wrong) expect(refuse).not.toThrow(wrong)
  }
})
