import { createHash, type KeyObject, sign, verify } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'

/** C2SP signed-note: a text, a blank line, and lines that begin with an em dash. Signature type 1 is Ed25519. */
const ED25519 = 1
const DASH = '—'
const KEY_ID_BYTES = 4
const SIGNATURE_BYTES = 64
/** Largest note that is looked at, and most signatures in it; C2SP asks for at least 16. */
const NOTE_MAX = 65_536
const SIGNATURES_MAX = 64

/** A key as notes name it: SHA-256(name || newline || type || 32-byte key), the first four bytes. */
function noteKeyId(name: string, publicKey: KeyObject): Uint8Array {
  const key = rawKey(publicKey)
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(key)
    .digest()
    .subarray(0, KEY_ID_BYTES)
}

/** The key in the one line that verifiers of the Go module sumdb/note take: name, id in hex, and type with key in base64, joined by plus signs. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const id = Buffer.from(noteKeyId(name, publicKey)).toString('hex')
  return `${name}+${id}+${Buffer.concat([Buffer.from([ED25519]), rawKey(publicKey)]).toString('base64')}`
}

/** `text` ends with a newline and is signed as it stands. */
export function signNote(text: string, signer: Readonly<{ name: string; privateKey: KeyObject; publicKey: KeyObject }>): string {
  invariant(text.endsWith('\n') && isNoteText(text), 'the text of a note is lines of visible text')
  invariant(/^[^\s+]+$/u.test(signer.name), 'the name of a key has neither blanks nor plus signs')
  const signature = Buffer.concat([noteKeyId(signer.name, signer.publicKey), sign(null, Buffer.from(text), signer.privateKey)])
  return `${text}\n${DASH} ${signer.name} ${signature.toString('base64')}\n`
}

/** The text of a note that this key has signed under this name, or undefined. Signatures of others are no concern. */
export function openNote(note: string, name: string, publicKey: KeyObject): string | undefined {
  const end = note.lastIndexOf('\n\n')
  if (note.length > NOTE_MAX || end < 0 || !note.endsWith('\n') || !isNoteText(note)) return undefined
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) return undefined
  const id = noteKeyId(name, publicKey)
  let signed = false
  for (const line of lines) {
    const [dash, by, encoded, ...more] = line.split(' ')
    if (dash !== DASH || !by || !encoded || more.length > 0) return undefined
    const bytes = Buffer.from(encoded, 'base64')
    if (by !== name || Buffer.compare(bytes.subarray(0, KEY_ID_BYTES), id) !== 0) continue
    // One wrong signature of a known key spoils the whole note.
    const holds =
      bytes.byteLength === KEY_ID_BYTES + SIGNATURE_BYTES && verify(null, Buffer.from(text), publicKey, bytes.subarray(KEY_ID_BYTES))
    if (!holds) return undefined
    signed = true
  }
  return signed ? text : undefined
}

/** No control characters but the newline. */
function isNoteText(text: string): boolean {
  return !Array.from(text).some((character) => character < ' ' && character !== '\n')
}

/** The 32 bytes of RFC 8032. */
function rawKey(publicKey: KeyObject): Buffer {
  const { x } = publicKey.export({ format: 'jwk' })
  invariant(publicKey.asymmetricKeyType === 'ed25519' && x, 'the key is an Ed25519 key')
  return Buffer.from(x, 'base64url')
}
