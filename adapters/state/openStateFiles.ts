import { createHash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { min } from '../../gateway/money/integers.ts'
import type { StateStore } from '../../gateway/ports/stateStore.ts'

/** A file ends with the SHA-256 of what stands before it. */
const DIGEST_BYTES = 32
/** Bytes hashed and written, or read, at a time: hashing is what the thread that serves requests does of it. */
const SLICE_BYTES = 512 * 1024
/** Files kept open for reading a part; the one that was opened first is closed for one more. */
const OPEN_MAX = 64

type OpenFile = Readonly<{ fd: number; digest: Buffer }>

/** Opens or creates a folder for files of derived state. One process uses it. */
export function openStateFiles(folder: string): StateStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const opened = new Map<string, OpenFile>()

  function forget(name: string): void {
    const file = opened.get(name)
    if (file) closeSync(file.fd)
    opened.delete(name)
  }

  function openChecked(name: string): OpenFile {
    const known = opened.get(name)
    if (known) return known
    const fd = openSync(join(folder, name), 'r')
    try {
      const file = { fd, digest: checkedDigest(fd, name) }
      const [oldest] = opened.keys()
      if (opened.size >= OPEN_MAX && oldest !== undefined) forget(oldest)
      opened.set(name, file)
      return file
    } catch (error) {
      closeSync(fd)
      throw error
    }
  }

  return {
    async write(name, parts) {
      const temporary = join(folder, `${name}.new`)
      const file = await open(temporary, 'w', 0o600)
      let digest: Buffer
      try {
        digest = await writeParts(file, parts)
        await file.datasync()
      } finally {
        await file.close()
      }
      forget(name)
      await rename(temporary, join(folder, name))
      await syncFolder(folder)
      return digest
    },
    async read(name) {
      const path = join(folder, name)
      if (!existsSync(path)) return undefined
      const file = await open(path, 'r')
      try {
        return await readChecked(file, name)
      } finally {
        await file.close()
      }
    },
    readAt(name, digest, offset, length) {
      const file = openChecked(name)
      if (Buffer.compare(file.digest, digest) !== 0) throw new Error(`${name} is not the file that the state refers to`)
      const bytes = new Uint8Array(length)
      if (readSync(file.fd, bytes, 0, length, offset) !== length) throw new Error(`${name} is shorter than ${offset + length} bytes`)
      return bytes
    },
    async close() {
      for (const name of [...opened.keys()]) forget(name)
    },
  }
}

async function writeParts(file: FileHandle, parts: Iterable<Uint8Array>): Promise<Buffer> {
  const hash = createHash('sha256')
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; at += SLICE_BYTES) {
      const slice = part.subarray(at, at + SLICE_BYTES)
      hash.update(slice)
      await writeAll(file, slice)
    }
  }
  const digest = hash.digest()
  await writeAll(file, digest)
  return digest
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten
}

async function readChecked(file: FileHandle, name: string): Promise<Uint8Array> {
  const { size } = await file.stat()
  if (size < DIGEST_BYTES) throw damaged(name)
  const bytes = Buffer.allocUnsafeSlow(size)
  const hash = createHash('sha256')
  const end = size - DIGEST_BYTES
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, min(size - at, SLICE_BYTES), at)
    if (bytesRead === 0) throw damaged(name)
    if (at < end) hash.update(bytes.subarray(at, min(at + bytesRead, end)))
    at += bytesRead
  }
  if (Buffer.compare(hash.digest(), bytes.subarray(end)) !== 0) throw damaged(name)
  return bytes.subarray(0, end)
}

/** The digest at the end of a file whose content has it. */
function checkedDigest(fd: number, name: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(fstatSync(fd).size)
  if (bytes.byteLength < DIGEST_BYTES || readSync(fd, bytes, 0, bytes.byteLength, 0) !== bytes.byteLength) throw damaged(name)
  const digest = bytes.subarray(bytes.byteLength - DIGEST_BYTES)
  const content = bytes.subarray(0, bytes.byteLength - DIGEST_BYTES)
  if (Buffer.compare(createHash('sha256').update(content).digest(), digest) !== 0) throw damaged(name)
  return Buffer.from(digest)
}

function damaged(name: string): Error {
  return new Error(`the state file ${name} is damaged. Remove the folder with the state files: they are built again from the journal.`)
}

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
