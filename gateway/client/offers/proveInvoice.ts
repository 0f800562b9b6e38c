import { toBase64UrlJson } from './bytes.ts'
import type { InvoiceProof, ProofHeader } from './offer.ts'

/** The header that proves a paid invoice in the protocol that asked for it. */
export function proveInvoice(proof: InvoiceProof, preimage: string): ProofHeader {
  if (proof.protocol === 'l402') return ['authorization', `L402 ${proof.token}:${preimage}`]
  return mppCredential(proof, { preimage: preimage.toLowerCase() })
}

/** A credential of the Payment scheme, which echoes its challenge. `source`: who pays, as a DID. */
export function mppCredential(
  { header, challenge }: Readonly<{ header: string; challenge: object }>,
  payload: object,
  source?: string,
): ProofHeader {
  return [header, `Payment ${toBase64UrlJson(source === undefined ? { challenge, payload } : { challenge, payload, source })}`]
}
