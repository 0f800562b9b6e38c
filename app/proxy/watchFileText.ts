import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** Looked at again and again, and not by events: those are lost where a file is replaced, or a link to it, as in a mounted volume. */
const LOOK_MS = 500

/**
 * Calls `changed` when the file has another text; answers with what ends that. A file that cannot be read has none. The text itself is compared, because
 * `watchFile` begins with a look of its own that may come after a change: what it sees first is never told.
 */
export function watchFileText(path: string, changed: () => void): () => void {
  let last: string | undefined = readFileSync(path, 'utf8')
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    // None while it is being replaced, or gone.
    const text = await readFile(path, 'utf8').catch(() => undefined)
    looking = false
    if (text === last) return
    last = text
    changed()
  }
  const timer = setInterval(() => void look(), LOOK_MS).unref()
  return () => clearInterval(timer)
}
