import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTime } from '../../../gateway/client/receivedAnswer.ts'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { type PartFile, partFile } from './partFile.ts'
import { progressOf, sizeText } from './progress.ts'

/** Of an answer so much is in the JSON; a longer one is in a file that the JSON names. */
const JSON_BYTES_MAX = 1_048_576

/** Where an answer went: `text` where it is short and asked for as JSON, `file` where it is in one. */
type Received = Readonly<{ bytes: number; text?: string; file?: string }>

/** A place for one answer, made before anything is paid. */
export type AnswerPlace = Readonly<{
  /** Brings the whole body there, a part at a time. What it throws, reading it has thrown, or `invalid_request` says that it could not be written. */
  take: (response: Response) => Promise<Received>
  /** Leaves nothing of an answer that has not come whole. */
  close: () => void
}>

/** `--output`'s file, which is new; memory, as far as that goes, for JSON; else standard output. */
export function answerPlace({ output, json }: { output?: string | undefined; json?: boolean | undefined }): AnswerPlace {
  if (output !== undefined) return filePlace(output)
  return json ? memoryPlace() : { take: (response) => taken(response, toStdout), close: () => undefined }
}

type Write = (part: Uint8Array) => Promise<void> | void

async function taken({ body, headers }: Response, write: Write): Promise<Received> {
  const progress = progressOf(headers.get('content-length'))
  const reader = (body ?? new Blob([]).stream()).getReader()
  let bytes = 0
  try {
    for (let part = await inTime(reader.read()); !part.done; part = await inTime(reader.read())) {
      await written(write, part.value)
      bytes += part.value.length
      progress.at(bytes)
    }
  } catch (cause) {
    // With a reason: it was not taken, so what was paid for it is asked for again.
    void reader.cancel(cause).catch(() => undefined)
    throw cause
  } finally {
    progress.end()
  }
  return { bytes }
}

async function written(write: Write, part: Uint8Array): Promise<void> {
  try {
    await write(part)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new GatewayError('invalid_request', `the answer could not be written: ${why}`, {
      cause,
      hint: 'Nothing was paid. Make room, or name another file.',
    })
  }
}

let lastByte: number | undefined

async function toStdout(part: Uint8Array): Promise<void> {
  lastByte = part.at(-1) ?? lastByte
  const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength)
  if (!process.stdout.write(bytes)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

/** On a terminal the prompt begins a line of its own. */
export function endLine(): void {
  if (process.stdout.isTTY && lastByte !== undefined && lastByte !== 0x0a) process.stdout.write('\n')
}

function filePlace(output: string): AnswerPlace {
  const file = partFile(output)
  return {
    async take(response) {
      const { bytes } = await taken(response, file.write)
      return { bytes, file: file.whole() }
    },
    close: file.close,
  }
}

function newFolderFile(): PartFile {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-answer-'))
  return partFile(join(folder, 'body'), folder)
}

function memoryPlace(): AnswerPlace {
  const parts: Uint8Array[] = []
  let held = 0
  let file: PartFile | undefined
  function write(part: Uint8Array): void {
    parts.push(part)
    held += part.length
    if (held <= JSON_BYTES_MAX) return
    file ??= newFolderFile()
    for (const one of parts.splice(0)) file.write(one)
  }
  return {
    async take(response) {
      const { bytes } = await taken(response, write)
      return file ? { bytes, file: file.whole() } : { bytes, text: Buffer.concat(parts).toString() }
    },
    close: () => file?.close(),
  }
}

/** "3 MB in FILE", for people. */
export function receivedText({ bytes, file }: Received): string {
  return `${sizeText(bytes)} in ${file}`
}
