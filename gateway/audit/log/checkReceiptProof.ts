import { createPublicKey } from 'node:crypto'
import type { Json } from '../../ports/books.ts'
import { checkReceipt, type SignedReceipt, type SignedUpdate } from '../receipt/receipt.ts'
import { headOf } from '../receipt/receiptUpdate.ts'
import { openCheckpoint } from './checkpoint.ts'
import { receiptLeafHash } from './leaves.ts'
import { logOrigin } from './origin.ts'
import { readTlogProof } from './tlogProof.ts'
import { verifyInclusion } from './verifyProof.ts'

type Included = Readonly<{ inclusion?: string }>
type ProvenUpdate = SignedUpdate & Included
/** A receipt as the API hands it out: with its proof of inclusion once a checkpoint covers it, and what was said of its payment since. */
export type ProvenReceipt = SignedReceipt & Included & Readonly<{ updates?: readonly ProvenUpdate[] }>

/** One thing that a receipt claims, and whether it is so. */
type ReceiptFinding = Readonly<{ what: 'signature' | 'chain' | 'checkpoint' | 'inclusion'; holds: boolean; detail: string }>

/** Checks everything that a receipt and the later entries of its chain claim, with the public key (PEM) alone. An entry without `inclusion` claims none. */
export function checkReceiptProof(signed: ProvenReceipt, publicKeyPem: string): ReceiptFinding[] {
  const { updates = [] } = signed
  return [
    ...checkEntry(signed, signed.receipt, { publicKeyPem, of: '' }),
    ...updates.flatMap((update, i) => checkUpdate(update, i === 0 ? signed.receipt : updates[i - 1]!.update, publicKeyPem)),
  ]
}

/** An entry of the chain names the one before it, and so stands behind it and no other. */
function checkUpdate(signed: ProvenUpdate, before: Parameters<typeof headOf>[0], publicKeyPem: string): ReceiptFinding[] {
  const { receipt, n, before: named, state } = signed.update
  const head = headOf(before)
  const holds = receipt === head.receipt && n === head.n + 1 && named === head.hash
  const detail = holds ? `entry ${n}, ${state}, follows entry ${head.n}` : `entry ${n} does not follow entry ${head.n} of ${head.receipt}`
  return [{ what: 'chain', holds, detail }, ...checkEntry(signed, signed.update, { publicKeyPem, of: `entry ${n}: ` })]
}

type Of = Readonly<{ publicKeyPem: string; of: string }>

function checkEntry(signed: (SignedReceipt | SignedUpdate) & Included, content: Json, { publicKeyPem, of }: Of): ReceiptFinding[] {
  const holds = checkReceipt(signed, publicKeyPem)
  const signature: ReceiptFinding = { what: 'signature', holds, detail: `${of}of key ${signed.key_id}` }
  return signed.inclusion === undefined ? [signature] : [signature, ...checkInclusion(content, signed.inclusion, { publicKeyPem, of })]
}

function checkInclusion(content: Json, inclusion: string, { publicKeyPem, of }: Of): ReceiptFinding[] {
  const publicKey = createPublicKey(publicKeyPem)
  const proof = readTlogProof(inclusion)
  if (!proof) return [{ what: 'inclusion', holds: false, detail: `${of}is not a C2SP tlog-proof` }]
  const head = openCheckpoint(proof.checkpoint, publicKey)
  if (!head) return [{ what: 'checkpoint', holds: false, detail: `${of}is not signed by the log ${logOrigin(publicKey)}` }]
  const included = verifyInclusion(receiptLeafHash(content), { index: proof.index, ...head }, proof.path)
  return [
    { what: 'checkpoint', holds: true, detail: `${of}of ${head.size} leaves, log ${head.origin}` },
    {
      what: 'inclusion',
      holds: included,
      detail: included ? `${of}is leaf ${proof.index} of the log` : `${of}the proof does not lead to the checkpoint`,
    },
  ]
}
