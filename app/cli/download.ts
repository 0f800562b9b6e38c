import { once } from 'node:events'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { asked, noAnswer, noGateway, objectOf } from './gatewayCall.ts'
import { progressOf } from './pay/progress.ts'
import { refusedBy } from './refusedBy.ts'

/** Who sends nothing for so long is given up. */
const IDLE_MS_MAX = 120_000

type Place = Readonly<{ url: string; key: string; path: string; file: string | undefined }>
/** How much was written; a line ends with a line feed. */
type Written = Readonly<{ bytes: number; lines: number }>

/** A file of a gateway, to a new file or to standard output. What was cut off leaves no file behind. */
export async function download({ url, key, path, file }: Place): Promise<Written> {
  const idle = new AbortController()
  const timer = setTimeout(() => idle.abort(), IDLE_MS_MAX)
  try {
    const response = await asked(url, path, { headers: { authorization: `Bearer ${key}` }, signal: idle.signal })
    if (response.status >= 400) {
      const answer = objectOf(await response.text())
      throw answer ? refusedBy(url, response.status, answer) : noGateway(url, response.status)
    }
    const reader = response.body!.getReader() // An answer to GET has a body.
    return await written(async () => (await reader.read().catch((cause: unknown) => Promise.reject(noAnswer(url, cause)))).value, {
      file,
      heard: () => timer.refresh(),
    })
  } finally {
    clearTimeout(timer)
  }
}

type Target = Readonly<{ file: string | undefined; heard: () => void }>

/** Writes what `next` gives until it gives nothing. */
async function written(next: () => Promise<Uint8Array | undefined>, { file, heard }: Target): Promise<Written> {
  const out = file === undefined ? undefined : openSync(file, 'wx', 0o600)
  const progress = progressOf(null, file !== undefined)
  let [bytes, lines, isWhole] = [0, 0, false]
  try {
    for (let chunk = await next(); chunk; chunk = await next()) {
      heard()
      if (out !== undefined) writeSync(out, chunk)
      else if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
      bytes += chunk.byteLength
      lines += chunk.reduce((sum, byte) => (byte === 0x0a ? sum + 1 : sum), 0)
      progress.at(bytes)
    }
    isWhole = true
    return { bytes, lines }
  } finally {
    progress.end()
    if (out !== undefined) closeSync(out)
    if (file !== undefined && !isWhole) rmSync(file, { force: true })
  }
}
