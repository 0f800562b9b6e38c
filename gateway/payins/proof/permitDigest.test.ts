import { createHash } from 'node:crypto'
import {
  PERMIT2_ADDRESS,
  permit2WitnessTypes,
  uptoPermit2WitnessTypes,
  x402ExactPermit2ProxyAddress,
  x402UptoPermit2ProxyAddress,
} from '@x402/evm'
import { hashTypedData, type TypedDataDefinition } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import type { Hex } from '../../ports/ids.ts'
import { EXACT_PROXY, PERMIT2, UPTO_PROXY } from '../../ports/permit2.ts'
import { nonceBytes, permitDigest } from './permitDigest.ts'
import { recoverSigner } from './recoverSigner.ts'

const ROUNDS = 100

/** Bytes that look random and are the same in every run. */
function bytes(seed: string, length: number): Hex {
  return `0x${createHash('sha256')
    .update(seed)
    .digest('hex')
    .slice(0, length * 2)}`
}

test('the addresses are those that clients sign for', () => {
  const theirs = [PERMIT2_ADDRESS, x402ExactPermit2ProxyAddress, x402UptoPermit2ProxyAddress]
  expect([PERMIT2, EXACT_PROXY, UPTO_PROXY]).toEqual(theirs.map((address) => address.toLowerCase()))
})

test(`digest and signer agree with viem over ${ROUNDS} permits, by the types of the client`, async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const account = privateKeyToAccount(bytes(`key ${i}`, 32))
    const chainId = 1 + (i % 7) * 4_111
    const facilitator = i % 2 === 0 ? undefined : bytes(`facilitator ${i}`, 20)
    const [token, to] = [bytes(`token ${i}`, 20), bytes(`to ${i}`, 20)]
    const spender = facilitator ? UPTO_PROXY : EXACT_PROXY
    const nonce = BigInt(bytes(`nonce ${i}`, i % 3 === 0 ? 2 : 32))
    const [value, validAfter, validBefore] = [BigInt(bytes(`value ${i}`, 8)), BigInt(i), BigInt(bytes(`end ${i}`, 5))]
    const permit = { token, spender, facilitator }
    const transfer = { from: account.address, to, value, validAfter, validBefore, nonce: nonceBytes(nonce) }
    const domain = { name: 'Permit2', chainId, verifyingContract: PERMIT2 }
    const shared = { permitted: { token, amount: value }, spender, nonce, deadline: validBefore }
    const typed: TypedDataDefinition = {
      domain,
      types: facilitator ? uptoPermit2WitnessTypes : permit2WitnessTypes,
      primaryType: 'PermitWitnessTransferFrom',
      message: { ...shared, witness: { to, facilitator, validAfter } },
    }
    const digest = permitDigest(chainId, permit, transfer)
    expect(Buffer.from(digest).toString('hex')).toBe(hashTypedData(typed).slice(2))
    expect(recoverSigner(digest, await account.signTypedData(typed))).toBe(account.address.toLowerCase())
  }
})
