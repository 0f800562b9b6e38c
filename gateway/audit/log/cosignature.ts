import { verify } from 'node:crypto'
import { type NoteKey, readVerifierKey, signaturesBy } from './signedNote.ts'

/** C2SP tlog-cosignature: type 4 is Ed25519 over the time and the checkpoint. A signature is the time in seconds (u64, big-endian) and 64 bytes. */
const COSIGNATURE = 4
const TIME_BYTES = 8
const SIGNATURE_BYTES = 64

/** The key of a witness, from the line that witnesses publish: name, id and key, joined by plus signs. Undefined when it is no such line. */
export function readWitnessKey(line: string): NoteKey | undefined {
  const key = readVerifierKey(line.trim())
  return key?.type === COSIGNATURE ? key : undefined
}

/**
 * When this witness last saw the checkpoint as the continuation of every earlier one of its log, in seconds since 1970; undefined when it has not cosigned
 * it, or one of its signatures is wrong.
 */
export function cosignedAt(checkpoint: string, witness: NoteKey): bigint | undefined {
  const signed = signaturesBy(checkpoint, witness)
  let newest: bigint | undefined
  for (const bytes of signed?.signatures ?? []) {
    if (bytes.byteLength !== TIME_BYTES + SIGNATURE_BYTES) return undefined
    const at = Buffer.from(bytes).readBigUInt64BE()
    const message = Buffer.from(`cosignature/v1\ntime ${at}\n${signed!.text}`)
    if (!verify(null, message, witness.publicKey, bytes.subarray(TIME_BYTES))) return undefined
    if (newest === undefined || at > newest) newest = at
  }
  return newest
}
