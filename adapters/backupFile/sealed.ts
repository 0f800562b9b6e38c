import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { type FileHandle, link, open, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/**
 * A sealed file: this mark, a salt, what tells a wrong key from damage, then pieces. A piece is AES-256-GCM of up to 64 KiB under the beginning of the file
 * as further data, with its number and whether it is the last in the nonce (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): so no
 * piece can be changed, moved, left out or added, and no end be cut off. The key is of this file alone, by its salt, so numbers are never used twice.
 */
const MARK = Buffer.from('swydbak1')
const SALT_BYTES = 32
const CHECK_BYTES = 16
const START_BYTES = MARK.length + SALT_BYTES + CHECK_BYTES
const KEY_BYTES = 32
const PIECE_BYTES = 64 * 1024
const TAG_BYTES = 16
const NONCE_BYTES = 12
/** 32 MiB and some 0.1 s for each guess. The key file is asked to hold more than can be guessed; this is for the day when it does not. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

const derive = promisify<string, Uint8Array, number, typeof SCRYPT, Buffer>(scrypt)

type Keys = Readonly<{ key: Buffer; check: Buffer }>

/** A new sealed file. It has its name when `end` has returned, and then it is whole and durable; `abandon` leaves nothing. */
export type Sealing = Readonly<{
  write: (bytes: Uint8Array) => Promise<void>
  /** Answers with the bytes of the file. Throws EEXIST when there is a file of that name by now. */
  end: () => Promise<number>
  abandon: () => Promise<void>
}>

/** Begins a sealed file that only its owner can read. Throws `invalid_request` when another is being made under this name, or was and is left over. */
export async function createSealed(path: string, secret: string): Promise<Sealing> {
  const salt = randomBytes(SALT_BYTES)
  const { key, check } = await keysOf(secret, salt)
  const start = Buffer.concat([MARK, salt, check])
  const part = `${path}.part`
  const file = await open(part, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    throw new GatewayError('invalid_request', `${part} is there already`, {
      hint: 'A backup that was cut short leaves it: when none is being made, remove it and try again.',
    })
  })
  await file.writeFile(start)
  const piece = Buffer.alloc(PIECE_BYTES)
  let filled = 0
  let number = 0
  let length = START_BYTES
  async function put(last: boolean): Promise<void> {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, last)).setAAD(start)
    const sealed = Buffer.concat([cipher.update(piece.subarray(0, filled)), cipher.final(), cipher.getAuthTag()])
    await file.writeFile(sealed)
    length += sealed.length
    number += 1
    filled = 0
  }
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        // A full piece waits for what follows, because the last one is marked.
        if (filled === PIECE_BYTES) await put(false)
        const some = bytes.subarray(at, at + PIECE_BYTES - filled)
        piece.set(some, filled)
        filled += some.length
        at += some.length
      }
    },
    async end() {
      await put(true)
      await file.sync()
      await file.close()
      // A link never replaces what is there.
      await link(part, path)
      await rm(part)
      return length
    },
    async abandon() {
      await file.close()
      await rm(part, { force: true })
    },
  }
}

/** What was sealed, piece by piece, each checked before it is handed out; the last one ends it. Throws `backup_unreadable`. */
export async function* readSealed(path: string, secret: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r')
  try {
    const start = Buffer.alloc(START_BYTES)
    const found = await fill(file, start)
    if (found < START_BYTES || !start.subarray(0, MARK.length).equals(MARK)) throw unreadable(`${path} is not a backup of this version`)
    const { key, check } = await keysOf(secret, start.subarray(MARK.length, MARK.length + SALT_BYTES))
    if (!timingSafeEqual(check, start.subarray(START_BYTES - CHECK_BYTES))) {
      throw unreadable(`${path} was made with another key, or its beginning is damaged`, 'Name the key file with which it was made.')
    }
    const { size } = await file.stat()
    let left = size - START_BYTES
    for (let number = 0; left > 0 || number === 0; number++) {
      const sealed = Buffer.alloc(left < PIECE_BYTES + TAG_BYTES ? left : PIECE_BYTES + TAG_BYTES)
      left -= await fill(file, sealed)
      yield openPiece(sealed, { key, start, nonce: nonceOf(number, left === 0), path })
    }
  } finally {
    await file.close()
  }
}

function openPiece(sealed: Buffer, { key, start, nonce, path }: { key: Buffer; start: Buffer; nonce: Buffer; path: string }): Buffer {
  const damaged = () => unreadable(`${path} is damaged, or its end is missing`)
  if (sealed.length < TAG_BYTES) throw damaged()
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(start)
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)), decipher.final()])
  } catch {
    throw damaged()
  }
}

async function keysOf(secret: string, salt: Uint8Array): Promise<Keys> {
  const derived = await derive(secret, salt, KEY_BYTES + CHECK_BYTES, SCRYPT)
  return { key: derived.subarray(0, KEY_BYTES), check: derived.subarray(KEY_BYTES) }
}

function nonceOf(number: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUIntBE(number, NONCE_BYTES - 7, 6)
  nonce[NONCE_BYTES - 1] = last ? 1 : 0
  return nonce
}

/** Reads until the buffer is full or the file ends; answers how much there was. */
async function fill(file: FileHandle, into: Buffer): Promise<number> {
  let at = 0
  while (at < into.length) {
    const { bytesRead } = await file.read(into, at, into.length - at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return at
}

function unreadable(what: string, hint?: string): GatewayError {
  return new GatewayError('backup_unreadable', what, hint === undefined ? {} : { hint })
}
