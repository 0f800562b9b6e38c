import type { Hex } from 'viem'
import type { GasChain } from './gasChain.ts'
import { each, type GasFigure } from './gasFigure.ts'
import { shareIn } from './shares.ts'
import { type Signer, signedRedirect, signerNamed } from './signatures.ts'

const VALUE = 5_000_000n
const TABLES = [2, 10, 100, 10_000] as const
const CLAIM_TARGETS: Readonly<Record<number, bigint>> = { 2: 58_700n, 10: 60_900n, 100: 63_200n, 10000: 68_500n }
const MANY = [10, 50] as const
const MANY_TARGETS: Readonly<Record<number, bigint>> = { 10: 19_700n, 50: 16_200n }
const PAYEES_IN_MANY = 8

async function fund({ send, settlement, token }: GasChain, splitId: Hex): Promise<void> {
  await send({ ...settlement, functionName: 'fund', args: [splitId, splitId, token, VALUE] })
}

/** Money out of pots: one split, many splits at once, and to another address by signature. */
export async function measureClaims(chain: GasChain): Promise<GasFigure[]> {
  const payee = signerNamed('payee')
  const figures: GasFigure[] = []
  for (const payees of TABLES) {
    const share = shareIn(payee.address, { payees, name: `table of ${payees}` })
    const claim = () => chain.send({ ...chain.settlement, functionName: 'claim', args: [share, chain.token] })
    await fund(chain, share.splitId)
    await claim()
    await fund(chain, share.splitId)
    figures.push({
      id: `claim-${payees}`,
      operation: `\`claim\`, ${payees.toLocaleString('en')} payees`,
      gas: await claim(),
      target: CLAIM_TARGETS[payees]!,
    })
  }
  for (const splits of MANY) figures.push(await measureMany(chain, payee, splits))
  figures.push(await measureRedirect(chain, payee))
  return figures
}

async function measureMany(chain: GasChain, payee: Signer, splits: number): Promise<GasFigure> {
  const names = Array.from({ length: splits }, (_, i) => `one of ${splits}: ${i}`)
  const shares = names.map((name) => shareIn(payee.address, { payees: PAYEES_IN_MANY, name }))
  const rows = shares.map(({ proof, ...own }) => ({ ...own, proofLength: BigInt(proof.length) }))
  const proofs = shares.flatMap(({ proof }) => proof)
  const claimMany = () => chain.send({ ...chain.settlement, functionName: 'claimMany', args: [payee.address, chain.token, rows, proofs] })
  for (const share of shares) await fund(chain, share.splitId)
  await claimMany()
  for (const share of shares) await fund(chain, share.splitId)
  const operation = `\`claimMany\` over ${splits} splits of ${PAYEES_IN_MANY}, each`
  return { id: `claimMany-${splits}`, operation, gas: each(await claimMany(), splits), target: MANY_TARGETS[splits]! }
}

async function measureRedirect(chain: GasChain, payee: Signer): Promise<GasFigure> {
  const share = shareIn(payee.address, { payees: 2, name: 'redirected' })
  const to = signerNamed('safe').address
  await chain.mint(to)
  const claimTo = async (paidMax: bigint) => {
    await fund(chain, share.splitId)
    const redirect = await signedRedirect(chain.hub, payee, { splitId: share.splitId, token: chain.token, to, paidMax })
    return chain.send({ ...chain.settlement, functionName: 'claimTo', args: [share, chain.token, redirect] })
  }
  await claimTo(VALUE)
  return { id: 'claimTo', operation: '`claimTo` by the payee’s signature, 2 payees', gas: await claimTo(VALUE * 2n) }
}
