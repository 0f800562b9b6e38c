import { readFileSync } from 'node:fs'
import { checkReceiptProof, type ProvenReceipt } from '../../gateway/audit/log/checkReceiptProof.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { mark } from './colours.ts'
import { peopleAmount } from './peopleAmount.ts'

/**
 * Checks a receipt as GET /v1/receipts/:id answers it, with the gateway's published key (PEM) alone and without a network. 0 when everything that
 * it claims holds; a receipt that is not under a checkpoint yet claims no inclusion, and the last line says so.
 */
export function verifyReceipt(file: string, keyFile: string | undefined, json: boolean): number {
  if (keyFile === undefined) {
    throw new GatewayError('invalid_request', 'The public key is needed', {
      hint: 'Give --key FILE with the PEM of /.well-known/switchyard/receipt-key.pem, kept from a time when you trusted it.',
    })
  }
  const signed = readReceipt(file)
  const findings = checkReceiptProof(signed, readFileSync(keyFile, 'utf8'))
  const ok = findings.every((finding) => finding.holds)
  if (json) console.log(JSON.stringify({ ok, receipt: signed.receipt.id, findings }, null, 2))
  else {
    const { id, paid, rail, issued_at: at, entry } = signed.receipt
    console.log(`receipt ${id}: ${peopleAmount(paid)} on ${rail}, ${at}, entry ${entry}`)
    for (const { what, holds, detail } of findings)
      console.log(`${what.padEnd(11)} ${holds ? 'holds' : mark('DOES NOT HOLD', false)}: ${detail}`)
    for (const { update } of signed.updates ?? [])
      console.log(`entry ${update.n}     ${update.at}: ${update.state}${update.reason ? ` (${update.reason})` : ''}`)
    if (signed.inclusion === undefined)
      console.log('inclusion   not claimed: the receipt was read before a checkpoint had it; read it again')
  }
  return ok ? 0 : 1
}

function readReceipt(file: string): ProvenReceipt {
  let signed: unknown
  try {
    signed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new GatewayError('invalid_request', `${file} cannot be read as JSON`, {
      cause,
      hint: 'Save the answer of GET /v1/receipts/:id in a file.',
    })
  }
  const { receipt, signature, key_id: keyId, inclusion, updates = [] } = (signed ?? {}) as Record<string, unknown> // Looked at below.
  const proven = inclusion === undefined || typeof inclusion === 'string'
  const chained = Array.isArray(updates) && updates.every((one) => typeof one?.update === 'object' && typeof one.signature === 'string')
  if (
    typeof receipt !== 'object' ||
    receipt === null ||
    typeof signature !== 'string' ||
    typeof keyId !== 'string' ||
    !proven ||
    !chained
  ) {
    throw new GatewayError('invalid_request', `${file} is not a signed receipt`, {
      hint: 'Save the answer of GET /v1/receipts/:id in a file.',
    })
  }
  return signed as ProvenReceipt
}
