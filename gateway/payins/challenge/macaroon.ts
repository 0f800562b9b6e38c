import { hmac } from './hmac.ts'

/** A macaroon with first-party caveats only: version 2 of the published binary format (libmacaroons, go-macaroon). */
export type Macaroon = Readonly<{ location: string; identifier: Buffer; caveats: readonly string[]; signature: Buffer }>

/** A token with more caveats than this is not read: each costs an HMAC. */
export const CAVEATS_MAX = 16

const VERSION = 2
const Field = { eos: 0, location: 1, identifier: 2, signature: 6 } as const
/** libmacaroons derives the key of the chain from the root key under this name, padded with zeros to 32 bytes. */
const KEY_GENERATOR = Buffer.concat([Buffer.from('macaroons-key-generator', 'ascii')], 32)

/** The signature over identifier and caveats: an HMAC chain, so anybody can add a caveat and nobody can take one away. */
export function signMacaroon(rootKey: Uint8Array, identifier: Uint8Array, caveats: readonly string[]): Buffer {
  return caveats.reduce((signature, caveat) => hmac(signature, caveat), hmac(hmac(KEY_GENERATOR, rootKey), identifier))
}

/** The macaroon in its binary form. */
export function encodeMacaroon(m: Macaroon): Buffer {
  const parts = [
    Buffer.from([VERSION]),
    ...field(Field.location, Buffer.from(m.location, 'utf8')),
    ...field(Field.identifier, m.identifier),
  ]
  parts.push(Buffer.from([Field.eos]))
  for (const caveat of m.caveats) parts.push(...field(Field.identifier, Buffer.from(caveat, 'utf8')), Buffer.from([Field.eos]))
  parts.push(Buffer.from([Field.eos]), ...field(Field.signature, m.signature))
  return Buffer.concat(parts)
}

/** Reads a binary macaroon; undefined when it is not one, has third-party caveats or too many of them, or bytes are left over. */
export function decodeMacaroon(bytes: Buffer): Macaroon | undefined {
  const reader = { bytes, at: 1 }
  if (bytes[0] !== VERSION) return undefined
  const location = readField(reader, Field.location)?.toString('utf8') ?? ''
  const identifier = readField(reader, Field.identifier)
  if (!identifier || !readEnd(reader)) return undefined
  const caveats: string[] = []
  while (!readEnd(reader)) {
    const caveat = readField(reader, Field.identifier)
    if (!caveat || !readEnd(reader) || caveats.length === CAVEATS_MAX) return undefined
    caveats.push(caveat.toString('utf8'))
  }
  const signature = readField(reader, Field.signature)
  if (signature?.length !== 32 || reader.at !== bytes.length) return undefined
  return { location, identifier, caveats, signature }
}

type Reader = { readonly bytes: Buffer; at: number }

function field(type: number, data: Buffer): Buffer[] {
  return [Buffer.from([type]), varint(data.length), data]
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  while (value >= 0x80) {
    bytes.push((value & 0x7f) | 0x80)
    value >>>= 7
  }
  return Buffer.from([...bytes, value])
}

/** The data of the next field when it is of this type; otherwise undefined, and nothing is consumed. */
function readField(reader: Reader, type: number): Buffer | undefined {
  if (reader.bytes[reader.at] !== type) return undefined
  let at = reader.at + 1
  let length = 0
  // Four bytes of varint say 256 MB, far above any header.
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[at++]
    if (byte === undefined || shift > 21) return undefined
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  if (at + length > reader.bytes.length) return undefined
  reader.at = at + length
  return reader.bytes.subarray(at, at + length)
}

function readEnd(reader: Reader): boolean {
  if (reader.bytes[reader.at] !== Field.eos) return false
  reader.at += 1
  return true
}
