import type { Hex } from '../../ports/ids.ts'
import { PERMIT2 } from '../../ports/permit2.ts'
import type { TypedData } from './typedData.ts'

const field = (name: string, type: string) => ({ name, type })
const PERMISSIONS = [field('token', 'address'), field('amount', 'uint256')]
const PERMIT = [
  field('permitted', 'TokenPermissions'),
  field('spender', 'address'),
  field('nonce', 'uint256'),
  field('deadline', 'uint256'),
  field('witness', 'Witness'),
]
const [TO, FACILITATOR, FROM_THEN] = [field('to', 'address'), field('facilitator', 'address'), field('validAfter', 'uint256')] as const

/** What an account signs for one of x402's proxies; with a `facilitator`, who alone says how much of `units` is taken. Times in seconds. */
type Permit = Readonly<{
  token: Hex
  units: bigint
  spender: Hex
  nonce: bigint
  deadline: bigint
  to: Hex
  facilitator?: Hex | undefined
  validAfter: bigint
}>

/**
 * Permit2's `PermitWitnessTransferFrom` with the witness of x402's proxy (x402 `scheme_exact_evm` and `scheme_upto_evm`): who is paid, and of a maximum who
 * alone may say how much of it. Permit2's domain has no version.
 */
export function permitTypedData(
  chainId: number,
  { token, units, spender, nonce, deadline, to, facilitator, validAfter }: Permit,
): TypedData {
  const witness = facilitator === undefined ? { to, validAfter } : { to, facilitator, validAfter }
  return {
    domain: { name: 'Permit2', chainId, verifyingContract: PERMIT2 },
    types: {
      PermitWitnessTransferFrom: PERMIT,
      TokenPermissions: PERMISSIONS,
      Witness: facilitator === undefined ? [TO, FROM_THEN] : [TO, FACILITATOR, FROM_THEN],
    },
    primaryType: 'PermitWitnessTransferFrom',
    message: { permitted: { token, amount: units }, spender, nonce, deadline, witness },
  }
}
