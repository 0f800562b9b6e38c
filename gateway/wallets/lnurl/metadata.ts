import { createHash } from 'node:crypto'
import type { Hex } from '../../ports/ids.ts'

/** Items of metadata that a person sees before paying. `text` is `text/plain`; `identifier` a Lightning Address (LUD-16). */
type Metadata = Readonly<{ text: string; identifier?: string | undefined; longText?: string | undefined }>

/** The JSON text of LUD-06's metadata; this very text is what the invoice commits to. */
export function metadataText(metadata: Metadata): string {
  const { text, identifier, longText } = metadata
  return JSON.stringify([
    ['text/plain', text],
    ...(identifier === undefined ? [] : [['text/identifier', identifier]]),
    ...(longText === undefined ? [] : [['text/long-desc', longText]]),
  ])
}

/** Reads what a person must see; undefined when the metadata are not as LUD-06 says: an array of arrays with exactly one `text/plain`. */
export function readMetadata(text: string): Metadata | undefined {
  let items: unknown
  try {
    items = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(items) || !items.every(Array.isArray)) return undefined
  const valuesOf = (type: string) => items.filter(([first]: unknown[]) => first === type).map(([, value]: unknown[]) => value)
  const plain = valuesOf('text/plain')
  if (plain.length !== 1 || typeof plain[0] !== 'string') return undefined
  const optional = (type: string) => {
    const [value] = valuesOf(type)
    return typeof value === 'string' ? value : undefined
  }
  return { text: plain[0], identifier: optional('text/identifier') ?? optional('text/email'), longText: optional('text/long-desc') }
}

/** What the invoice must commit to: SHA-256 of the metadata as they were sent, followed by the payer's data as they were sent (LUD-06, LUD-18). */
export function metadataHash(metadata: string, payerData = ''): Hex {
  return `0x${createHash('sha256').update(metadata).update(payerData).digest('hex')}`
}
