import { createPublicKey } from 'node:crypto'
import { checkReceipt, type SignedReceipt } from '../receipt/receipt.ts'
import { readCheckpoint } from './checkpoint.ts'
import { logOrigin } from './origin.ts'
import { receiptLeafHash } from './receiptLeaf.ts'
import { openNote } from './signedNote.ts'
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
  const origin = logOrigin(publicKey)
  const proof = readTlogProof(inclusion)
  if (!proof) return [{ what: 'inclusion', holds: false, detail: 'is not a C2SP tlog-proof' }]
  const text = openNote(proof.checkpoint, origin, publicKey)
  const head = text === undefined ? undefined : readCheckpoint(text)
  if (!head || head.origin !== origin) return [{ what: 'checkpoint', holds: false, detail: `is not signed by the log ${origin}` }]
  const leaf = receiptLeafHash(receipt)
  const included = verifyInclusion(leaf, { index: proof.index, ...head }, proof.path)
  return [
    { what: 'checkpoint', holds: true, detail: `of ${head.size} payments, log ${head.origin}` },
    {
      what: 'inclusion',
      holds: included,
      detail: included ? `is payment ${proof.index} of the log` : 'the proof does not lead to the checkpoint',
    },
  ]
}
