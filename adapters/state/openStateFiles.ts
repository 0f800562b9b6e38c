import { hash } from 'node:crypto'
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { ceilDivCount, max, min } from '../../gateway/money/integers.ts'
import type { StateStore } from '../../gateway/ports/stateStore.ts'

/**
 * A file is its content, the SHA-256 of each page of it, and the SHA-256 of these: so a part is checked when it is read, without reading the rest. What
 * the state remembers of a file is the last one.
 */
const PAGE_BYTES = 4096
const DIGEST_BYTES = 32
/** Bytes hashed and written, or read, at a time: hashing is what the thread that serves requests does of it. */
const SLICE_BYTES = 512 * 1024
/** Pages that are checked in one turn of the thread: half a millisecond. */
const PAGES_AT_ONCE = 32
/** Files kept open for reading a part; the one that was opened first is closed for one more. */
const OPEN_MAX = 64

type OpenFile = Readonly<{ fd: number; length: number; pages: Buffer; digest: Buffer }>

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
      const file = checkedFile(fd, name)
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
      readPages(file, { name, offset, bytes })
      return bytes
    },
    async remove(name) {
      forget(name)
      await rm(join(folder, name), { force: true })
    },
    async close() {
      for (const name of [...opened.keys()]) forget(name)
    },
  }
}

async function writeParts(file: FileHandle, parts: Iterable<Uint8Array>): Promise<Buffer> {
  const digests: Buffer[] = []
  const slice = Buffer.allocUnsafeSlow(SLICE_BYTES)
  let filled = 0
  async function flush(): Promise<void> {
    for (let at = 0; at < filled; at += PAGE_BYTES) digests.push(hash('sha256', slice.subarray(at, min(at + PAGE_BYTES, filled)), 'buffer'))
    await writeAll(file, slice.subarray(0, filled))
    filled = 0
  }
  for (const part of parts) {
    for (let at = 0; at < part.byteLength; ) {
      const some = part.subarray(at, at + SLICE_BYTES - filled)
      slice.set(some, filled)
      filled += some.byteLength
      at += some.byteLength
      if (filled === SLICE_BYTES) await flush()
    }
  }
  await flush()
  const pages = Buffer.concat(digests)
  const digest = hash('sha256', pages, 'buffer')
  await writeAll(file, pages)
  await writeAll(file, digest)
  return digest
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten
}

async function readChecked(file: FileHandle, name: string): Promise<Uint8Array> {
  const { size } = await file.stat()
  const { length, pagesAt } = partsOf(size, name)
  const bytes = Buffer.allocUnsafeSlow(size)
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, min(size - at, SLICE_BYTES), at)
    if (bytesRead === 0) throw damaged(name)
    at += bytesRead
  }
  const pages = bytes.subarray(pagesAt, size - DIGEST_BYTES)
  checkPages(name, pages, bytes.subarray(size - DIGEST_BYTES))
  for (let n = 0; n * PAGE_BYTES < length; n++) {
    checkPage(name, { n, page: bytes.subarray(n * PAGE_BYTES, min((n + 1) * PAGE_BYTES, length)), pages })
    // Others may have a turn of the thread.
    if (n % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await setImmediate()
  }
  return bytes.subarray(0, length)
}

/** Where the parts of a file of this size are. Stops when no file has that size. */
function partsOf(size: number, name: string): { length: number; pagesAt: number } {
  const count = ceilDivCount(max(size - DIGEST_BYTES, 0), PAGE_BYTES + DIGEST_BYTES)
  const length = size - (count + 1) * DIGEST_BYTES
  if (length < 0 || ceilDivCount(length, PAGE_BYTES) !== count) throw damaged(name)
  return { length, pagesAt: length }
}

/** A file whose digests are good; its pages are checked when they are read. */
function checkedFile(fd: number, name: string): OpenFile {
  const { size } = fstatSync(fd)
  const { length, pagesAt } = partsOf(size, name)
  const bytes = Buffer.allocUnsafeSlow(size - pagesAt)
  if (readSync(fd, bytes, 0, bytes.byteLength, pagesAt) !== bytes.byteLength) throw damaged(name)
  const pages = bytes.subarray(0, bytes.byteLength - DIGEST_BYTES)
  const digest = bytes.subarray(bytes.byteLength - DIGEST_BYTES)
  checkPages(name, pages, digest)
  return { fd, length, pages, digest }
}

/** Fills `bytes` from `offset` on, from pages that are checked. */
function readPages({ fd, length, pages }: OpenFile, { name, offset, bytes }: { name: string; offset: number; bytes: Uint8Array }): void {
  const end = offset + bytes.byteLength
  if (end > length) throw new Error(`${name} is shorter than ${end} bytes`)
  const from = offset - (offset % PAGE_BYTES)
  const read = Buffer.allocUnsafeSlow(min(ceilDivCount(end, PAGE_BYTES) * PAGE_BYTES, length) - from)
  if (readSync(fd, read, 0, read.byteLength, from) !== read.byteLength) throw damaged(name)
  for (let at = 0; at < read.byteLength; at += PAGE_BYTES)
    checkPage(name, { n: (from + at) / PAGE_BYTES, page: read.subarray(at, at + PAGE_BYTES), pages })
  bytes.set(read.subarray(offset - from, end - from))
}

function checkPages(name: string, pages: Buffer, digest: Buffer): void {
  if (Buffer.compare(hash('sha256', pages, 'buffer'), digest) !== 0) throw damaged(name)
}

function checkPage(name: string, { n, page, pages }: { n: number; page: Buffer; pages: Buffer }): void {
  const expected = pages.subarray(n * DIGEST_BYTES, (n + 1) * DIGEST_BYTES)
  if (Buffer.compare(hash('sha256', page, 'buffer'), expected) !== 0) throw damaged(name)
}

function damaged(name: string): Error {
  return new Error(`the state file ${name} is damaged`)
}

async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
