import { hash } from 'node:crypto'
import { fromBase64UrlJson } from '../challenge/base64Json.ts'
import type { Proof } from './proof.ts'
import { evmClaimKey, lightningClaimKey, permitClaimKey } from './verifiedProof.ts'
import { evmRequest } from './wire.ts'

/**
 * The claim that a proof takes by its own words, for looking up whether it was taken before. Nothing in it is verified: the key of a proof that
 * holds is `VerifiedProof.claimKey`, and the two are equal. Undefined when the words cannot be read.
 */
export function statedClaimKey(proof: Proof): string | undefined {
  switch (proof.scheme) {
    case 'x402': {
      const { chainId, asset: token } = proof.accepted
      if (proof.permit) return permitClaimKey({ chainId, from: proof.transfer.from, nonce: proof.transfer.nonce })
      return evmClaimKey({ chainId, token, from: proof.transfer.from, nonce: proof.transfer.nonce })
    }
    // How often its sum was tried before, only the books know.
    case 'x402-voucher':
      return undefined
    case 'mpp-evm': {
      const request = evmRequest.safeParse(parsed(proof.challenge.request))
      if (!request.success) return undefined
      const { methodDetails, currency: token } = request.data
      return evmClaimKey({ chainId: methodDetails.chainId, token, from: proof.transfer.from, nonce: proof.transfer.nonce })
    }
    default:
      // The payment hash is the SHA-256 of the preimage (BOLT 4).
      return lightningClaimKey(hash('sha256', Buffer.from(proof.preimage, 'hex')))
  }
}

function parsed(text: string): unknown {
  try {
    return fromBase64UrlJson(text)
  } catch {
    // Verification refuses it with its reason; here it only means that there is nothing to look up.
    return undefined
  }
}
