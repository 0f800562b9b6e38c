import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A file that has its name when it is whole, and is FILE.part before. */
export type PartFile = Readonly<{
  write: (part: Uint8Array) => void
  /** Gives it its name, and answers it: that of the part where another program took the name meanwhile. */
  whole: () => string
  /** Leaves nothing of it, unless it is whole. */
  close: () => void
}>

/** Begins a new file, which only its owner reads; `folder`, where it is given, was made for it and goes with it. */
export function partFile(file: string, folder?: string): PartFile {
  if (existsSync(file)) throw isThere(file)
  const part = `${file}.part`
  const handle = newFile(part)
  let isWhole = false
  function close(): void {
    for (const signal of SIGNALS) process.off(signal, stop)
    closeSync(handle)
    if (isWhole) return
    rmSync(part, { force: true })
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  function stop(signal: NodeJS.Signals): void {
    close()
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, stop)
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    },
    whole() {
      isWhole = true
      return named(part, file) ? file : part
    },
    close,
  }
}

/** A link never takes the place of a file that is there, as a new name would. */
function named(part: string, file: string): boolean {
  try {
    linkSync(part, file)
    rmSync(part)
    return true
  } catch {
    // The answer is here: where it cannot have its name, it is shown where it is.
    if (existsSync(file)) return !existsSync(part)
  }
  try {
    // Not every file system has links.
    renameSync(part, file)
    return true
  } catch {
    // As above.
    return false
  }
}

function newFile(file: string): number {
  try {
    return openSync(file, 'wx', 0o600)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw isThere(file, cause)
  }
}

function isThere(file: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_request', `${file} is there already`, {
    cause,
    hint: 'Nothing was paid. Name a new file, or remove that one.',
  })
}
