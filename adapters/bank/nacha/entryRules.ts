import { type Batch, type Entry, isDebit } from './fileParts.ts'
import { isRoutingNumber } from './routingNumber.ts'

/** What is wrong with an entry, and in which of its fields. */
type Wrong = Readonly<{ field: string; why: string }>

/** Checking (2), savings (3), general ledger (4) and loan (5) accounts; of a loan there are no prenotes of debits. */
const CODES = /^([234][1-46-9]|5[1-6])$/
/** PPD, CCD and WEB carry one addendum, CTX as many as its four digits count, TEL none. */
const ADDENDA_MAX = { PPD: 1, CCD: 1, WEB: 1, CTX: 9_999, TEL: 0, COR: 1 } as const

type KindOfCode = 'returned' | 'live' | 'prenote' | 'remittance'

/** What an entry is by the second digit of its code; the network's own returns and corrections have 1 and 6. */
export function kindOfCode(code: string): KindOfCode {
  const place = code === '55' ? 2 : code === '56' ? 1 : ((code.charCodeAt(1) - 49) % 5) + 1
  return (['returned', 'live', 'prenote', 'remittance'] as const)[place - 1]!
}

function wrongAmount({ entryClass }: Pick<Batch, 'entryClass'>, { code, cents, addenda }: Entry): Wrong | undefined {
  const kind = kindOfCode(code)
  const wrong = (why: string) => ({ field: 'amount', why })
  if (kind === 'live') return cents > 0n ? undefined : wrong('a payment of nothing')
  if (kind === 'prenote') return cents === 0n ? undefined : wrong(`a prenote moves nothing, and this has ${cents} cents`)
  if (kind === 'returned') return entryClass === 'COR' && cents !== 0n ? wrong('a correction moves nothing') : undefined
  if (cents !== 0n) return wrong('an entry that carries remittance alone moves nothing')
  const carries = ['CCD', 'CTX'].includes(entryClass) && addenda.length > 0
  return carries ? undefined : { field: 'transaction code', why: `${code} is for CCD and CTX with addenda` }
}

function wrongAddenda({ entryClass }: Pick<Batch, 'entryClass'>, { code, addenda }: Entry): Wrong | undefined {
  const field = 'addenda'
  if (kindOfCode(code) === 'returned') {
    const wanted = entryClass === 'COR' ? 'change' : 'return'
    const [only, ...others] = addenda
    return only?.kind === wanted && others.length === 0
      ? undefined
      : { field, why: `${code} of ${entryClass} has one addendum, a ${wanted}` }
  }
  if (entryClass === 'COR') return { field: 'transaction code', why: `${code} is none of a correction` }
  const max = ADDENDA_MAX[entryClass]
  if (addenda.length > max) return { field, why: `${addenda.length} of them where ${entryClass} has ${max} at most` }
  return addenda.every(({ kind }) => kind === 'payment') ? undefined : { field, why: 'a return or a change of an entry that is a payment' }
}

function wrongParty({ entryClass }: Pick<Batch, 'entryClass'>, { code, account, name, discretionary }: Entry): Wrong | undefined {
  if (account.trim() === '') return { field: 'DFI account number', why: 'it is blank' }
  if (kindOfCode(code) === 'returned') return undefined
  if (name.trim() === '') return { field: entryClass === 'CTX' ? 'receiving company' : 'individual name', why: 'it is blank' }
  if (entryClass === 'TEL' && !isDebit(code)) return { field: 'transaction code', why: `${code} is a credit, and TEL is for debits` }
  const once = ['WEB', 'TEL'].includes(entryClass) && !/^[RS]/.test(discretionary)
  return once ? { field: 'discretionary data', why: `${entryClass} says R (recurring) or S (single) in it` } : undefined
}

/** What of an entry is against the rules of its class; undefined when nothing is. */
export function wrongEntry(batch: Pick<Batch, 'entryClass' | 'odfi'>, entry: Entry): Wrong | undefined {
  if (!CODES.test(entry.code)) return { field: 'transaction code', why: `${entry.code} is not known` }
  if (!isRoutingNumber(entry.routing))
    return { field: 'receiving DFI', why: `${entry.routing} is no routing number: its check digit does not fit` }
  if (!entry.trace.startsWith(batch.odfi))
    return { field: 'trace number', why: `${entry.trace} does not begin with ${batch.odfi}, the sender` }
  return wrongAmount(batch, entry) ?? wrongAddenda(batch, entry) ?? wrongParty(batch, entry)
}
