import { readEuros } from './euroCents.ts'
import { PAIN001_FORM, PAIN001_NAMESPACE } from './pain001Form.ts'
import { checkShape, find, textAt } from './xmlShape.ts'
import { readXmlTree, type XmlElement } from './xmlTree.ts'

/** One transfer a customer orders. Amount in cents. */
export type Order = Readonly<{
  messageId: string
  instructionId: string
  endToEndId: string
  cents: bigint
  name: string
  iban: string
  remittance: Readonly<{ text?: string; reference?: string }>
  /** SCT Inst: executed when it is taken, on any day. */
  instant?: true
}>

/** Why a file, or one of its orders, is refused: a code of ISO's ExternalStatusReason set. */
export type Refusal = Readonly<{ code: string; text: string }>

/** A file as the bank reads it: refused whole, or its orders, some of them refused. */
export type OrderFile = Readonly<{ messageId: string; refusal?: Refusal; orders: readonly Readonly<{ order: Order; refusal?: Refusal }>[] }>

/** `date`: the bank's, "2026-11-20". */
type OrderRules = Readonly<{ iban: string; date: string; isDuplicate: (messageId: string) => boolean }>

/** From this day on SEPA refuses an address without town and country, and more than two lines beside them. */
const STRUCTURED_FROM = '2026-11-15'
const LINES_MAX = 2

/** ISO 13616: country, digits and letters that leave 1 by 97. */
export function isIban(iban: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(iban)) return false
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

function refuseAddress(party: XmlElement | undefined, { code, date }: Readonly<{ code: string; date: string }>): Refusal | undefined {
  const address = party && find(party, 'PstlAdr')
  if (!address || date < STRUCTURED_FROM) return undefined
  if (!textAt(address, 'TwnNm') || !textAt(address, 'Ctry')) return { code, text: 'the postal address lacks TwnNm or Ctry' }
  const lines = address.children.filter(({ name }) => name === 'AdrLine').length
  return lines > LINES_MAX ? { code, text: `the postal address has more than ${LINES_MAX} AdrLine` } : undefined
}

function refuseOrder(transaction: XmlElement, order: Order, date: string): Refusal | undefined {
  const currency = find(transaction, 'Amt', 'InstdAmt')?.attributes.Ccy
  if (currency !== 'EUR') return { code: 'AM03', text: `currency ${currency} is not EUR` }
  if (order.cents === 0n) return { code: 'AM01', text: 'the amount is zero' }
  if (!isIban(order.iban)) return { code: 'AC03', text: 'the creditor IBAN is not valid' }
  return refuseAddress(find(transaction, 'Cdtr'), { code: 'BE04', date })
}

function readOrder(transaction: XmlElement, ids: Pick<Order, 'messageId' | 'instructionId' | 'instant'>): Order {
  const text = textAt(transaction, 'RmtInf', 'Ustrd')
  const reference = textAt(transaction, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref')
  return {
    ...ids,
    endToEndId: textAt(transaction, 'PmtId', 'EndToEndId')!,
    cents: readEuros(textAt(transaction, 'Amt', 'InstdAmt')!) ?? 0n,
    name: textAt(transaction, 'Cdtr', 'Nm')!,
    iban: textAt(transaction, 'CdtrAcct', 'Id', 'IBAN')!,
    remittance: { ...(text ? { text } : {}), ...(reference ? { reference } : {}) },
  }
}

/** NbOfTxs and CtrlSum of a group or an instruction against what it holds. */
function refuseSums(element: XmlElement, orders: readonly Order[]): Refusal | undefined {
  const count = textAt(element, 'NbOfTxs')
  if (count !== undefined && BigInt(count) !== BigInt(orders.length)) return { code: 'AM18', text: 'the number of transactions is wrong' }
  const sum = textAt(element, 'CtrlSum')
  const held = orders.reduce((total, order) => total + order.cents, 0n)
  if (sum !== undefined && readEuros(sum) !== held) return { code: 'AM10', text: 'the control sum is wrong' }
  return undefined
}

function refuseInstruction(instruction: XmlElement, rules: OrderRules): Refusal | undefined {
  if (textAt(instruction, 'DbtrAcct', 'Id', 'IBAN') !== rules.iban) return { code: 'AC02', text: 'the debtor account is not yours' }
  return refuseAddress(find(instruction, 'Dbtr'), { code: 'BE07', date: rules.date })
}

function parse(text: string): XmlElement | Refusal {
  try {
    const document = readXmlTree(text)
    const namespace = document.attributes.xmlns
    if (document.name !== 'Document' || namespace !== PAIN001_NAMESPACE) return { code: 'FF01', text: `message ${namespace} is not taken` }
    const wrong = checkShape(document, PAIN001_FORM)
    return wrong ? { code: 'FF01', text: wrong } : document
  } catch (error) {
    return { code: 'FF01', text: error instanceof Error ? error.message : String(error) }
  }
}

/** Reads a file of orders and checks it as a bank would: form, account, sums, duplicates, each order's currency, amount and IBAN. */
export function readOrderFile(text: string, rules: OrderRules): OrderFile {
  const document = parse(text)
  if ('code' in document) return { messageId: 'NOTPROVIDED', refusal: document, orders: [] }
  const message = find(document, 'CstmrCdtTrfInitn')!
  const messageId = textAt(message, 'GrpHdr', 'MsgId')!
  if (rules.isDuplicate(messageId)) return { messageId, refusal: { code: 'DU01', text: 'this MsgId was used before' }, orders: [] }
  const checked: { order: Order; refusal?: Refusal }[] = []
  for (const instruction of message.children.filter((child) => child.name === 'PmtInf')) {
    const instant = textAt(instruction, 'PmtTpInf', 'LclInstrm', 'Cd') === 'INST'
    const ids = { messageId, instructionId: textAt(instruction, 'PmtInfId')!, ...(instant ? { instant } : {}) }
    const transactions = instruction.children.filter((child) => child.name === 'CdtTrfTxInf')
    const orders = transactions.map((transaction) => readOrder(transaction, ids))
    const whole = refuseInstruction(instruction, rules) ?? refuseSums(instruction, orders)
    for (const [i, order] of orders.entries()) {
      const refusal = whole ?? refuseOrder(transactions[i]!, order, rules.date)
      checked.push({ order, ...(refusal ? { refusal } : {}) })
    }
  }
  const refusal = refuseSums(
    find(message, 'GrpHdr')!,
    checked.map(({ order }) => order),
  )
  return refusal ? { messageId, refusal, orders: [] } : { messageId, orders: checked }
}
