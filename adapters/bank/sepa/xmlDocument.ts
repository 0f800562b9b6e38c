import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { FILE_BYTES_MAX } from '../files/bankFile.ts'
import { BankFileRefused } from '../files/bankFileRefused.ts'

const DEPTH_MAX = 32

/** Elements that may repeat; all others must occur once, and a second one is seen as an array by the shapes in wire.ts, which refuse it. */
const REPEATED = new Set([
  'Stmt',
  'Ntfctn',
  'Bal',
  'Ntry',
  'NtryDtls',
  'TxDtls',
  'Rcrd',
  'Ustrd',
  'Strd',
  'OrgnlPmtInfAndSts',
  'TxInfAndSts',
  'StsRsnInf',
  'AddtlInf',
])

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities of XML and character references; anything else could only come from a DTD. */
function decodeText(text: string): string {
  return text.replace(/&([^;\s]{0,12});?/g, (all, name: string) => {
    const named = NAMED[name]
    const number = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name)
    if (!all.endsWith(';') || (named === undefined && !number)) throw new BankFileRefused(`entity "${all.slice(0, 16)}" is not allowed`)
    if (named !== undefined) return named
    const point = Number.parseInt(number?.[1] ?? number?.[2] ?? '', number?.[1] ? 16 : 10)
    if (!isXmlCharacter(point)) throw new BankFileRefused(`character reference "${all}" names no character`)
    return String.fromCodePoint(point)
  })
}

/** XML 1.0, section 2.2. */
function isXmlCharacter(point: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(point) ||
    (point >= 0x20 && point <= 0xd7ff) ||
    (point >= 0xe000 && point <= 0xfffd) ||
    (point >= 0x10000 && point <= 0x10ffff)
  )
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  maxNestedTags: DEPTH_MAX,
  isArray: (name, _path, _leaf, isAttribute) => !isAttribute && REPEATED.has(name),
  tagValueProcessor: (_name, value) => decodeText(value),
  attributeValueProcessor: (_name, value) => decodeText(value),
})

function decodeBytes(bytes: Uint8Array): string {
  if (bytes.length > FILE_BYTES_MAX) throw new BankFileRefused(`${bytes.length} bytes are more than ${FILE_BYTES_MAX}`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new BankFileRefused('the text is not UTF-8')
  }
}

/**
 * Reads a file as one ISO 20022 `Document` and returns its namespace and content, unchecked beyond well-formedness. Refuses a DOCTYPE, entities
 * and CDATA before the parser sees them (no external entity, no expansion), several roots, and any encoding but UTF-8.
 */
export function readXmlDocument(bytes: Uint8Array): { namespace: string; content: unknown } {
  const text = decodeBytes(bytes)
  if (/<!(?!--)/.test(text)) throw new BankFileRefused('a DOCTYPE, entity declaration or CDATA section is not allowed')
  const encoding = /^<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']/.exec(text)?.[1]
  if (encoding !== undefined && encoding.toUpperCase() !== 'UTF-8') throw new BankFileRefused(`encoding "${encoding}" is not UTF-8`)
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw new BankFileRefused(`not well-formed XML: ${valid.err.msg} (line ${valid.err.line})`)
  const root = parse(text)
  const [name, ...others] = Object.keys(root)
  const content = root.Document
  if (name !== 'Document' || others.length > 0 || !isRecord(content)) throw new BankFileRefused('the root is not one Document element')
  const namespace = content['@xmlns']
  if (typeof namespace !== 'string') throw new BankFileRefused('the Document has no namespace')
  return { namespace, content }
}

function parse(text: string): Record<string, unknown> {
  try {
    const root: unknown = parser.parse(text)
    if (isRecord(root)) return root
  } catch (cause) {
    if (cause instanceof BankFileRefused) throw cause
    throw new BankFileRefused(`not readable XML: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  throw new BankFileRefused('the file is empty')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
