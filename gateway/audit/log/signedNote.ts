import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'

/** C2SP signed-note: a text, a blank line, and lines that begin with an em dash. A key's type says what its signatures cover: 1 is the text, by Ed25519. */
const ED25519 = 1
const DASH = '—'
const KEY_ID_BYTES = 4
/** Largest note that is looked at, and most signatures in it; C2SP asks for at least 16. */
const NOTE_MAX = 65_536
const SIGNATURES_MAX = 64

/** Who may have signed a note: the name, the key and its type. */
export type NoteKey = Readonly<{ name: string; type: number; publicKey: KeyObject }>

/** A key as notes name it: SHA-256(name || newline || type || 32-byte key), the first four bytes. */
function noteKeyId({ name, type, publicKey }: NoteKey): Uint8Array {
  const key = rawKey(publicKey)
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([type]))
    .update(key)
    .digest()
    .subarray(0, KEY_ID_BYTES)
}

/** The key in the one line that verifiers of the Go module sumdb/note take: name, id in hex, and type with key in base64, joined by plus signs. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  return keyLine({ name, type: ED25519, publicKey })
}

function keyLine(key: NoteKey): string {
  const id = Buffer.from(noteKeyId(key)).toString('hex')
  return `${key.name}+${id}+${Buffer.concat([Buffer.from([key.type]), rawKey(key.publicKey)]).toString('base64')}`
}

/** Reads such a line; undefined when it is none. */
export function readVerifierKey(line: string): NoteKey | undefined {
  const [, name, encoded] = /^([^\s+]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]+=*)$/u.exec(line) ?? []
  const bytes = Buffer.from(encoded ?? '', 'base64')
  if (!name || bytes.byteLength !== 33) return undefined
  const x = bytes.subarray(1).toString('base64url')
  const key: NoteKey = { name, type: bytes[0]!, publicKey: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }) }
  return keyLine(key) === line ? key : undefined
}

/** `text` ends with a newline and is signed as it stands. */
export function signNote(
  text: string,
  { name, privateKey, publicKey }: Readonly<{ name: string; privateKey: KeyObject; publicKey: KeyObject }>,
): string {
  invariant(text.endsWith('\n') && isNoteText(text), 'the text of a note is lines of visible text')
  invariant(/^[^\s+]+$/u.test(name), 'the name of a key has neither blanks nor plus signs')
  const signature = Buffer.concat([noteKeyId({ name, type: ED25519, publicKey }), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n${DASH} ${name} ${signature.toString('base64')}\n`
}

/** The text of a note that this key has signed under this name, or undefined. Signatures of others are no concern. */
export function openNote(note: string, name: string, publicKey: KeyObject): string | undefined {
  const signed = signaturesBy(note, { name, type: ED25519, publicKey })
  const text = Buffer.from(signed?.text ?? '')
  // One wrong signature of a known key spoils the whole note.
  const holds = signed && signed.signatures.length > 0 && signed.signatures.every((signature) => verify(null, text, publicKey, signature))
  return holds ? signed.text : undefined
}

/** A note's text, and the signatures under the name and id of this key, none of them checked yet. Undefined when it is no note. */
export function signaturesBy(note: string, key: NoteKey): Readonly<{ text: string; signatures: readonly Uint8Array[] }> | undefined {
  const end = note.lastIndexOf('\n\n')
  if (note.length > NOTE_MAX || end < 0 || !note.endsWith('\n') || !isNoteText(note)) return undefined
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) return undefined
  const id = noteKeyId(key)
  const signatures: Uint8Array[] = []
  for (const line of lines) {
    const [dash, by, encoded, ...more] = line.split(' ')
    if (dash !== DASH || !by || !encoded || more.length > 0) return undefined
    const bytes = Buffer.from(encoded, 'base64')
    if (by === key.name && Buffer.compare(bytes.subarray(0, KEY_ID_BYTES), id) === 0) signatures.push(bytes.subarray(KEY_ID_BYTES))
  }
  return { text: note.slice(0, end + 1), signatures }
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
