import { unreachable } from '../../errors/invariant.ts'
import type { Proof } from './proof.ts'
import type { Expected, VerifiedProof } from './verifiedProof.ts'
import { verifyL402, verifyMppLightning } from './verifyPreimage.ts'
import { verifyMppEvm, verifyX402 } from './verifyTransfer.ts'
import { verifyVoucher } from './verifyVoucher.ts'

/**
 * Verifies a proof without asking anybody: our own HMACs, the payer's signature, the preimage. Throws a GatewayError that names what is wrong.
 * Whether the proof was used before, and whether the payer has the money, is for the claim and the rail to say.
 */
export function verifyProof(proof: Proof, expected: Expected): VerifiedProof {
  switch (proof.scheme) {
    case 'x402':
      return verifyX402(proof, expected)
    case 'x402-voucher':
      return verifyVoucher(proof, expected)
    case 'mpp-evm':
      return verifyMppEvm(proof, expected)
    case 'mpp-lightning':
      return verifyMppLightning(proof, expected)
    case 'l402':
      return verifyL402(proof, expected)
    default:
      return unreachable(proof)
  }
}
