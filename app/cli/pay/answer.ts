import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { progressOf, sizeText } from './progress.ts'

/** Of an answer so much is in the JSON; a longer one is in a file that the JSON names. */
const JSON_BYTES_MAX = 1_048_576

/** Where an answer went: `text` where it is short and asked for as JSON, `file` where it is in one. */
type Received = Readonly<{ bytes: number; text?: string; file?: string }>

/** A place for one answer, made before anything is paid. */
export type AnswerPlace = Readonly<{
  /** Brings the whole body there, a part at a time. What it throws, reading it has thrown. */
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
  let bytes = 0
  try {
    for await (const part of body ?? []) {
      await write(part)
      bytes += part.length
      progress.at(bytes)
    }
  } finally {
    progress.end()
  }
  return { bytes }
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

function filePlace(file: string): AnswerPlace {
  const handle = newFile(file)
  let isWhole = false
  return {
    async take(response) {
      const { bytes } = await taken(response, (part) => writeAll(handle, part))
      isWhole = true
      return { bytes, file }
    },
    close() {
      closeSync(handle)
      if (!isWhole) rmSync(file, { force: true })
    },
  }
}

function newFile(file: string): number {
  try {
    return openSync(file, 'wx')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    throw new GatewayError('invalid_request', `${file} is there already`, {
      cause,
      hint: 'Nothing was paid. Name a new file, or remove that one.',
    })
  }
}

function memoryPlace(): AnswerPlace {
  let spilled: AnswerPlace | undefined
  return {
    async take(response) {
      const { headers, body } = response
      const parts: Uint8Array[] = []
      const reader = (body ?? new Blob([]).stream()).getReader()
      let bytes = 0
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parts.push(part.value)
        bytes += part.value.length
        if (bytes > JSON_BYTES_MAX) {
          spilled = filePlace(join(mkdtempSync(join(tmpdir(), 'switchyard-answer-')), 'body'))
          return spilled.take(new Response(joined(parts, reader), { headers }))
        }
      }
      return { bytes, text: Buffer.concat(parts).toString() }
    },
    close: () => spilled?.close(),
  }
}

/** What was read, and the rest of it. */
function joined(parts: Uint8Array[], reader: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const part = parts.shift() ?? (await reader.read()).value
      if (part) controller.enqueue(part)
      else controller.close()
    },
  })
}

function writeAll(handle: number, part: Uint8Array): void {
  for (let at = 0; at < part.length; ) at += writeSync(handle, part, at)
}

/** "3 MB in FILE", for people. */
export function receivedText({ bytes, file }: Received): string {
  return `${sizeText(bytes)} in ${file}`
}
