import { SaxesParser } from 'saxes'
import { BankFileRefused } from '../files/bankFileRefused.ts'

/** An element with attributes (`@Ccy`, with its text as `#text`) or elements in it; else its text alone. */
type XmlFields = { [name: string]: unknown }

/** An element that is handed over when it closes, and kept no longer: `line` is where it began, `around` what is known so far of the elements around it. */
export type TakenElement = Readonly<{ path: string; line: number; content: unknown; around: readonly XmlFields[] }>

type ReaderOptions = Readonly<{
  /** What to take of a message by its namespace: full paths below Document. Throws when the message is not read at all. */
  message: (namespace: string) => ReadonlySet<string>
  take: (element: TakenElement) => void
}>

type Open = { name: string; line: number; fields: XmlFields | undefined; text: string }

const DEPTH_MAX = 32
/** Elements that are kept at once: those of one entry, or of what is around all entries. */
const ELEMENTS_MAX = 1_000_000
/** A text, comment or declaration that goes on for longer is no bank's. */
const SILENCE_MAX = 1024 * 1024

/** Elements that may repeat; of all others a second one is seen as an array by the shapes in wire.ts, which refuse it. */
const REPEATED = new Set([
  'Stmt',
  'Ntfctn',
  'Rpt',
  'Bal',
  'Ntry',
  'NtryDtls',
  'TxDtls',
  'Chrgs',
  'Rcrd',
  'Ustrd',
  'Strd',
  'OrgnlPmtInfAndSts',
  'TxInfAndSts',
  'StsRsnInf',
  'AddtlInf',
  'CxlDtls',
  'CxlStsRsnInf',
  'NbOfTxsPerCxlSts',
  'TxInf',
  'RtrRsnInf',
])

function refuse(line: number, what: string): never {
  throw new BankFileRefused(`line ${line}: ${what}`)
}

function put(parent: XmlFields, name: string, content: unknown): void {
  const before = parent[name]
  if (before === undefined) parent[name] = REPEATED.has(name) ? [content] : content
  else if (Array.isArray(before)) before.push(content)
  else parent[name] = [before, content]
}

/** What every object has already: no element of a bank's is named so. */
const RESERVED = new Set(Object.getOwnPropertyNames(Object.prototype))

type Parser = SaxesParser<{ xmlns: false; position: true }>

/** An element's text, or its attributes and elements. */
function contentOf({ name, fields, text, line }: Open): unknown {
  if (!fields) return text.trim()
  const own = text.trim()
  if (Object.keys(fields).every((key) => key.startsWith('@'))) fields['#text'] = own
  else if (own !== '') refuse(line, `${name} has text between its elements`)
  return fields
}

/** Nothing where there are none. */
function fieldsOf(attributes: Readonly<Record<string, string>>): XmlFields | undefined {
  let fields: XmlFields | undefined
  for (const key of Object.keys(attributes)) {
    fields ??= {}
    fields[`@${key}`] = attributes[key]
  }
  return fields
}

function namespaceOf(root: string, { xmlns }: Readonly<Record<string, string>>, line: number): string {
  if (root !== 'Document') refuse(line, `the root is ${root.slice(0, 40)}, not a Document element`)
  return xmlns ?? refuse(line, 'the Document has no namespace')
}

function decode(decoder: TextDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    return refuse(line, 'the text is not UTF-8')
  }
}

/** What is not well-formed, and what ISO 20022 has no use for. */
function refuseUnusual(parser: Parser): void {
  parser.on('error', ({ message }) => {
    throw new BankFileRefused(`not well-formed XML: line ${message}`)
  })
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8') refuse(parser.line, `encoding "${encoding}" is not UTF-8`)
  })
  parser.on('doctype', () => refuse(parser.line, 'a DOCTYPE is not allowed'))
  parser.on('cdata', () => refuse(parser.line, 'a CDATA section is not allowed'))
}

/**
 * Reads one ISO 20022 `Document` piece by piece, so that no more of it is in memory than what is not taken yet. Refuses, with the line, what is not
 * well-formed XML 1.0 in UTF-8, and any DOCTYPE or CDATA as soon as it is there: no entity but XML's own five is known, so nothing expands and nothing outside
 * is asked.
 */
export function openXmlReader(options: ReaderOptions) {
  const parser: Parser = new SaxesParser({ xmlns: false, position: true })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const path: Open[] = []
  let root: { namespace: string; content: unknown } | undefined
  let takes: ReadonlySet<string> = new Set()
  let takenNames: ReadonlySet<string> = new Set()
  let elements = 0
  let heardAt = 0

  function heard(): void {
    heardAt = parser.position
  }
  function open(name: string, attributes: Readonly<Record<string, string>>): void {
    heard()
    const parent = path.at(-1)
    if (!parent) openRoot(name, attributes)
    if (RESERVED.has(name)) refuse(parser.line, `no element is named ${name}`)
    if (path.length >= DEPTH_MAX) refuse(parser.line, `elements are nested deeper than ${DEPTH_MAX}`)
    if (++elements > ELEMENTS_MAX) refuse(parser.line, `more than ${ELEMENTS_MAX} elements stand in one`)
    if (parent) parent.fields ??= {}
    path.push({ name, line: parser.line, fields: fieldsOf(attributes), text: '' })
  }
  function openRoot(name: string, attributes: Readonly<Record<string, string>>): void {
    const namespace = namespaceOf(name, attributes, parser.line)
    root = { namespace, content: undefined }
    takes = options.message(namespace)
    takenNames = new Set(Array.from(takes, (taken) => taken.slice(taken.lastIndexOf('/') + 1)))
  }
  function text(part: string): void {
    heard()
    const parent = path.at(-1)
    if (parent) parent.text += part
  }
  function close(): void {
    heard()
    const closed = path.pop()
    const parent = path.at(-1)
    if (!closed) return
    const content = contentOf(closed)
    const whole = takenNames.has(closed.name) ? [...path.slice(1), closed].map(({ name }) => name).join('/') : ''
    if (!parent) {
      if (root) root.content = content
    } else if (takes.has(whole)) {
      const around = path.map(({ fields }) => fields ?? {})
      options.take({ path: whole, line: closed.line, content, around })
      // What is kept around it is little, and a message that is nothing else is bounded by the entries it may have.
      elements = path.length
    } else if (parent.fields) put(parent.fields, closed.name, content)
  }

  refuseUnusual(parser)
  parser.on('comment', heard)
  parser.on('opentag', ({ name, attributes }) => open(name, attributes))
  parser.on('text', text)
  parser.on('closetag', close)

  return {
    write(bytes: Uint8Array): void {
      parser.write(decode(decoder, bytes, parser.line))
      if (parser.position - heardAt > SILENCE_MAX) refuse(parser.line, `a text or tag is longer than ${SILENCE_MAX} characters`)
    },
    /** What was not taken. */
    end(): { namespace: string; content: unknown } {
      parser.write(decode(decoder, undefined, parser.line)).close()
      if (!root) throw new BankFileRefused('the file is empty')
      return root
    },
  }
}
