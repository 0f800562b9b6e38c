import { createHash } from 'node:crypto'
import { hashTypedData, recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import type { Hex } from '../../ports/ids.ts'
import { authorizationDigest } from './authorizationDigest.ts'
import { recoverSigner } from './recoverSigner.ts'

const ROUNDS = 200

/** Bytes that look random and are the same in every run. */
function bytes(seed: string, length: number): Hex {
  const hash = (part: number) => createHash('sha256').update(`${seed} ${part}`).digest('hex')
  return `0x${(hash(0) + hash(1)).slice(0, length * 2)}`
}

const fields = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const types = { TransferWithAuthorization: fields, ReceiveWithAuthorization: fields } as const

test(`digest and signer agree with viem over ${ROUNDS} authorizations`, async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const account = privateKeyToAccount(bytes(`key ${i}`, 32))
    // Every few rounds share a token, so both the kept and the fresh domain separator are met.
    const token = {
      chainId: 1 + (i % 7) * 4_111,
      token: bytes(`token ${i % 5}`, 20),
      tokenName: `Dollar ${i % 3} é`,
      tokenVersion: `${i % 2}`,
    }
    const message = {
      from: account.address,
      to: bytes(`to ${i}`, 20),
      value: BigInt(bytes(`value ${i}`, i % 3 === 0 ? 32 : 4)),
      validAfter: BigInt(bytes(`after ${i}`, 5)),
      validBefore: BigInt(bytes(`before ${i}`, i % 4 === 0 ? 32 : 5)),
      nonce: bytes(`nonce ${i}`, 32),
    }
    const domain = { name: token.tokenName, version: token.tokenVersion, chainId: token.chainId, verifyingContract: token.token }
    const kind = i % 2 === 0 ? 'transfer' : 'receive'
    const typed = {
      domain,
      types,
      primaryType: kind === 'transfer' ? 'TransferWithAuthorization' : 'ReceiveWithAuthorization',
      message,
    } as const
    const digest = authorizationDigest(token, kind, message)
    expect(Buffer.from(digest).toString('hex')).toBe(hashTypedData(typed).slice(2))
    const signature = await account.signTypedData(typed)
    const signer = recoverSigner(digest, signature)
    expect(signer).toBe(account.address.toLowerCase())
    // A damaged signature gives the same stranger as viem, or nobody.
    const damaged: Hex = `0x${bytes(`r ${i}`, 32).slice(2)}${signature.slice(66)}`
    const stranger = await recoverAddress({ hash: `0x${Buffer.from(digest).toString('hex')}`, signature: damaged }).catch(() => undefined)
    expect(recoverSigner(digest, damaged)).toBe(stranger?.toLowerCase())
  }
})
