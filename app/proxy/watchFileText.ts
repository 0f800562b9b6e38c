import { readFileSync, unwatchFile, watchFile } from 'node:fs'

/** Looked at by its times and not by events: those are lost where a file is replaced, or a link to it, as in a mounted volume. */
const LOOK_MS = 500

/** Calls `changed` when the file has another text; answers with what ends that. A file that cannot be read has none. */
export function watchFileText(path: string, changed: () => void): () => void {
  let last = textOf(path)
  const look = () => {
    const text = textOf(path)
    if (text === last) return
    last = text
    changed()
  }
  watchFile(path, { interval: LOOK_MS, persistent: false }, look)
  return () => unwatchFile(path, look)
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It is being replaced, or gone.
    return undefined
  }
}
