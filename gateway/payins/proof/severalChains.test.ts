import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exampleChallenge } from '../../../test/challenge/exampleChallenge.ts'
import { credentialHeaders, evmCredential, x402Headers, x402Payment } from '../../../test/challenge/exampleProofs.ts'
import { erc20Asset } from '../../money/asset.ts'
import { evmRail } from '../../ports/railName.ts'
import {
  buildChallenge,
  CHALLENGE_HEADERS_BYTES_MAX,
  type ChallengeInput,
  PAYMENT_REQUIRED_BYTES_MAX,
} from '../challenge/buildChallenge.ts'
import type { EvmOffer } from '../challenge/challengeOffer.ts'
import { readProof } from './readProof.ts'
import { verifyProof } from './verifyProof.ts'

const { input, expected, evm, lightning } = exampleChallenge()

/** The same offer on another chain: same token address, same receiver, as two chains that were set up alike have them. */
function onChain(chainId: number): EvmOffer {
  const asset = erc20Asset({ chainId, address: evm.wire.token, code: 'USDC', scale: 6, ledger: 100 + chainId })
  return { ...evm, rail: evmRail(chainId), amount: { asset, units: evm.amount.units }, wire: { ...evm.wire, chainId } }
}

const offering = (chains: readonly number[]): ChallengeInput => ({ ...input, offers: [...chains.map(onChain), lightning] })

/** The chains that each header names, in order. */
function chainsIn(challenge: ReturnType<typeof buildChallenge>): { x402: string[]; mpp: number[] } {
  const required = challenge.headers.find(([name]) => name === 'payment-required')![1]
  const { accepts } = JSON.parse(Buffer.from(required, 'base64').toString('utf8')) as { accepts: { network: string }[] }
  const requests = challenge.headers.flatMap(([, value]) => /method="evm".* request="([^"]+)"/.exec(value)?.[1] ?? [])
  const mpp = requests.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')).methodDetails.chainId as number)
  return { x402: accepts.map((a) => a.network), mpp }
}

describe('a 402 over several chains', () => {
  test('names each of two in the order of the offers, behind L402 and the lightning charge', () => {
    const challenge = buildChallenge(offering([10, 1]))
    expect(chainsIn(challenge)).toEqual({ x402: ['eip155:10', 'eip155:1'], mpp: [10, 1] })
    const methods = challenge.headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => /method="(\w+)"/.exec(value)?.[1])
    expect(methods).toEqual([undefined, 'lightning', 'evm', 'evm'])
  })

  test('leaves out the last that do not fit into the headers, and lists them all in its body', () => {
    const chains = Array.from({ length: 16 }, (_, i) => i + 1)
    const challenge = buildChallenge(offering(chains))
    const { x402, mpp } = chainsIn(challenge)
    expect(x402.length).toBeGreaterThanOrEqual(2)
    expect(x402).toEqual(chains.slice(0, x402.length).map((id) => `eip155:${id}`))
    expect(mpp).toEqual(chains.slice(0, x402.length))
    expect(challenge.body.offers.map((o) => o.rail)).toEqual(['lightning', ...chains.map(evmRail), 'book'])
  })

  test('keeps the limits of clients and proxies, whatever URL was asked for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', 'é', '😀', '?', '/'), maxLength: 1_500 })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 16 }), (query, count) => {
        const chains = Array.from({ length: count }, (_, i) => i + 1)
        const resource = { method: 'GET', url: `https://api.example.com/joke?q=${query}`, description: 'A joke' }
        const challenge = buildChallenge({ ...offering(chains), resource })
        const required = challenge.headers.find(([name]) => name === 'payment-required')![1]
        expect(required.length).toBeLessThanOrEqual(PAYMENT_REQUIRED_BYTES_MAX)
        const bytes = challenge.headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0)
        expect(bytes).toBeLessThanOrEqual(CHALLENGE_HEADERS_BYTES_MAX)
        expect(chainsIn(challenge).x402[0]).toBe('eip155:1')
      }),
    )
  })
})

describe('a proof for one of several chains', () => {
  const both = { ...expected, offers: [onChain(10), onChain(1), lightning] }
  const proofOn = async (chains: readonly number[], signedFor: number) =>
    readProof(x402Headers(await x402Payment(offering(chains), { chainId: signedFor })))!

  test.each([10, 1])('is taken as what it is: an authorization on chain %d', async (chainId) => {
    const chains = chainId === 10 ? [10, 1] : [1, 10]
    const verified = verifyProof(await proofOn(chains, chainId), both)
    expect(verified).toMatchObject({ rail: `evm:${chainId}`, authorization: { chainId }, amount: { asset: onChain(chainId).amount.asset } })
    expect(verified.claimKey.split(':')[1]).toBe(`${chainId}`)
  })

  test('is refused when it was signed for the other chain, though token and payee are the same', async () => {
    const [tenByOne, oneByTen] = [await proofOn([10, 1], 1), await proofOn([1, 10], 10)]
    for (const proof of [tenByOne, oneByTen])
      expect(() => verifyProof(proof, both)).toThrow(expect.objectContaining({ code: 'proof_bad_signature' }))
  })

  test('is refused as an evm charge of the other chain, too', async () => {
    const credential = await evmCredential(offering([10]), { chainId: 1 })
    expect(() => verifyProof(readProof(credentialHeaders(credential))!, both)).toThrow(
      expect.objectContaining({ code: 'proof_bad_signature' }),
    )
  })

  test('is refused on a chain that is not offered', async () => {
    const proof = await proofOn([5], 5)
    expect(() => verifyProof(proof, both)).toThrow(expect.objectContaining({ code: 'proof_wrong_chain' }))
  })
})
