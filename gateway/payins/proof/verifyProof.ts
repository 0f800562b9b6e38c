import { unreachable } from '../../errors/invariant.ts'
import type { CodeWord } from '../../ports/receiver.ts'
import type { Proof } from './proof.ts'
import { requireYes } from './unwrapped.ts'
import type { CheckedProof, CodeQuestion, Expected, SingleUseProof } from './verifiedProof.ts'
import { verifyL402, verifyMppLightning } from './verifyPreimage.ts'
import { checkMppEvm, checkX402 } from './verifyTransfer.ts'
import { verifyVoucher } from './verifyVoucher.ts'

/**
 * Verifies a proof without asking anybody: our own HMACs, the payer's signature, the preimage. Throws a GatewayError that names what is wrong.
 * Whether the proof was used before, and whether the payer has the money, is for the claim and the rail to say.
 */
export function verifyProof(proof: Proof, expected: Expected): SingleUseProof {
  const { proof: checked, question } = checkProof(proof, expected)
  if (question) throw question.refusal
  return checked
}

/**
 * The same, but that the code of an account is asked where its key has not signed (ERC-1271, also where it delegated its code by EIP-7702). `ask` is called at
 * most once, when all else holds. Throws `payer_not_deployed` of an account that is yet to be made (ERC-6492).
 */
export async function verifyProofByCode(
  proof: Proof,
  expected: Expected,
  ask: (question: CodeQuestion) => Promise<CodeWord>,
): Promise<SingleUseProof> {
  const { proof: checked, question } = checkProof(proof, expected)
  if (!question) return checked
  requireYes(question, { word: await ask(question), isWrapped: question.isWrapped })
  return checked.kind === 'authorization' ? { ...checked, byCode: true } : checked
}

function checkProof(proof: Proof, expected: Expected): CheckedProof {
  switch (proof.scheme) {
    case 'x402':
      return checkX402(proof, expected)
    case 'x402-voucher':
      return { proof: verifyVoucher(proof, expected), question: undefined }
    case 'mpp-evm':
      return checkMppEvm(proof, expected)
    case 'mpp-lightning':
      return { proof: verifyMppLightning(proof, expected), question: undefined }
    case 'l402':
      return { proof: verifyL402(proof, expected), question: undefined }
    default:
      return unreachable(proof)
  }
}
