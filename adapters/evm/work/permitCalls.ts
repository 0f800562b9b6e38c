import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { EXACT_PROXY, UPTO_PROXY } from '../../../gateway/ports/permit2.ts'
import { exactProxyAbi, uptoProxyAbi } from '../node/permitAbi.ts'
import type { RequestOf } from '../sending/requests.ts'

type Authorization = RequestOf<'collection'>['authorization']

/** Why a permit could never be collected; undefined where nothing is wrong with it. */
export function permitFault({ kind, value, facilitator, charge }: Authorization): string | undefined {
  if (kind !== 'upto') return facilitator === undefined && charge === undefined ? undefined : 'only of a maximum a part is taken'
  if (facilitator === undefined || charge === undefined) return 'a maximum is collected by somebody and to some amount'
  return charge > 0n && charge <= value ? undefined : 'what is taken is more than nothing and not more than was signed'
}

/** The call of x402's proxy that takes what was signed, or of a maximum its charge. */
export function permitCall({ kind, token, from, to, value, charge, nonce, ...a }: Authorization): Readonly<{ to: Hex; data: Hex }> {
  const permit = { permitted: { token, amount: value }, nonce: BigInt(nonce), deadline: a.validBefore }
  const { validAfter, signature, facilitator } = a
  if (kind === 'permit2') {
    const args = [permit, from, { to, validAfter }, signature] as const
    return { to: EXACT_PROXY, data: encodeFunctionData({ abi: exactProxyAbi, functionName: 'settle', args }) }
  }
  const args = [permit, charge!, from, { to, facilitator: facilitator!, validAfter }, signature] as const // present: readCollection saw to it.
  return { to: UPTO_PROXY, data: encodeFunctionData({ abi: uptoProxyAbi, functionName: 'settle', args }) }
}
