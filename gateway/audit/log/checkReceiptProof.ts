import { createPublicKey } from 'node:crypto'
import { checkReceipt, type SignedReceipt } from '../receipt/receipt.ts'
import { openCheckpoint } from './checkpoint.ts'
import { receiptLeafHash } from './leaves.ts'
import { logOrigin } from './origin.ts'
import { readTlogProof } from './tlogProof.ts'
import { verifyInclusion } from './verifyProof.ts'

/** A receipt as the API hands it out: with its proof of inclusion once a checkpoint covers it. */
export type ProvenReceipt = SignedReceipt & Readonly<{ inclusion?: string }>

/** One thing that a receipt claims, and whether it is so. */
type ReceiptFinding = Readonly<{ what: 'signature' | 'checkpoint' | 'inclusion'; holds: boolean; detail: string }>

/** Checks everything that a receipt claims, with the public key (PEM) alone. A receipt without `inclusion` claims none. */
export function checkReceiptProof(signed: ProvenReceipt, publicKeyPem: string): ReceiptFinding[] {
  const holds = checkReceipt(signed, publicKeyPem)
  const signature: ReceiptFinding = { what: 'signature', holds, detail: `of key ${signed.key_id}` }
  return signed.inclusion === undefined ? [signature] : [signature, ...checkInclusion(signed, signed.inclusion, publicKeyPem)]
}

function checkInclusion({ receipt }: SignedReceipt, inclusion: string, publicKeyPem: string): ReceiptFinding[] {
  const publicKey = createPublicKey(publicKeyPem)
  const proof = readTlogProof(inclusion)
  if (!proof) return [{ what: 'inclusion', holds: false, detail: 'is not a C2SP tlog-proof' }]
  const head = openCheckpoint(proof.checkpoint, publicKey)
  if (!head) return [{ what: 'checkpoint', holds: false, detail: `is not signed by the log ${logOrigin(publicKey)}` }]
  const included = verifyInclusion(receiptLeafHash(receipt), { index: proof.index, ...head }, proof.path)
  return [
    { what: 'checkpoint', holds: true, detail: `of ${head.size} leaves, log ${head.origin}` },
    {
      what: 'inclusion',
      holds: included,
      detail: included ? `is leaf ${proof.index} of the log` : 'the proof does not lead to the checkpoint',
    },
  ]
}
