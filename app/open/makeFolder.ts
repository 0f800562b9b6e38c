import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Makes a folder that only its owner can read, and those above it that are missing. Throws the system's own error for the first that cannot be made. */
export function makeFolder(path: string): void {
  const whole = resolve(path)
  // One by one: Node's own recursive way never ends where a folder is there and takes none, as in /proc.
  const missing = existsSync(whole) ? [] : [whole]
  for (let above = dirname(whole); missing.length > 0 && !existsSync(above); above = dirname(above)) missing.unshift(above)
  for (const folder of missing) mkdirSync(folder, { mode: 0o700 })
}
