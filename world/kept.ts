import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'

const FILE = 'ready.json'

/**
 * What a part of the world said when it was first ready; undefined in a new folder. A part that was killed before has told nobody anything: what it left
 * is removed, and it begins again.
 */
export function keptReady<T>(folder: string | undefined): T | undefined {
  if (folder === undefined) return undefined
  // Written by `keepReady` alone.
  if (existsSync(join(folder, FILE))) return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as T
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return undefined
}

/** Whole or not at all: by one rename. Its keys are a play world's, and still their owner's only. */
export function keepReady(folder: string | undefined, ready: unknown): void {
  if (folder === undefined) return
  const unfinished = join(folder, `.${FILE}.tmp`)
  writeFileSync(unfinished, JSON.stringify(ready, null, 2), { mode: 0o600 })
  renameSync(unfinished, join(folder, FILE))
}

/** The port of an address where this part was before, if it is still free; else 0, for any. What others noted of it then stays true. */
export async function samePort(url: string | undefined): Promise<number> {
  const port = url === undefined ? 0 : Number.parseInt(new URL(url).port, 10)
  if (port === 0) return 0
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!free) return 0
  await new Promise((resolve) => server.close(resolve))
  return port
}
