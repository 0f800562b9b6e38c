import { expect, onTestFinished, test } from 'vitest'
import { EUR } from '../../../gateway/money/asset.ts'
import { fileRefused, orderStatuses } from '../../../world/bank/reports.ts'
import { applyBankFile } from '../files/apply.ts'
import { openStore } from '../files/store.ts'
import { reasonMeaning } from './reasonCodes.ts'
import { readBankFile } from './translate.ts'

// What a bank says of a file with three orders, and what becomes of each.
const IBAN = 'DE93999999990000000001'
const FILE = 'file1'
const NAMES = ['at1', 'at2', 'at3']
const HEAD = { id: 'R1', createdAt: '2026-11-20T10:00:00Z' }
const CLOSED = { code: 'AC04', text: 'the account is closed' }

function sentFile() {
  const store = openStore(':memory:', IBAN)
  onTestFinished(() => store.close())
  for (const name of NAMES) {
    const attemptId = name.replace('at', 'at_')
    const about = { units: 10_000n, fee: 0n, iban: 'X', name: 'Y', document: '', createdAt: 1 }
    store.addPayment({ attemptId, endToEndId: name, ...about })
    store.setStaged(attemptId, FILE)
  }
  store.setFileSent(FILE)
  return {
    says(text: string): void {
      const file = readBankFile(Buffer.from(text), { iban: IBAN, asset: EUR })
      store.transaction(() => applyBankFile(store, file, { hash: 'hash', meaningOf: reasonMeaning, now: Date.parse('2026-11-24') }))
    },
    states: () => NAMES.map((name) => store.paymentByEndToEndId(name)).map((one) => one?.code ?? one?.state),
    problems: () => store.problems().map(({ what }) => what),
  }
}

/** A report about some of the orders, with a status of the whole instruction. */
function report(of: readonly (readonly [name: string, status: 'ACSP' | { code: string; text: string }])[], whole?: string): string {
  const text = orderStatuses(
    HEAD,
    of.map(([endToEndId, status]) => {
      const ids = { messageId: FILE, instructionId: FILE, endToEndId }
      return { order: { ...ids, cents: 1n, name: 'Y', iban: 'X', remittance: {} }, status }
    }),
  )
  const after = `<OrgnlPmtInfId>${FILE}</OrgnlPmtInfId>`
  return whole ? text.replace(after, `${after}<PmtInfSts>${whole}</PmtInfSts>`) : text
}

test('a file that is taken in part fails what is rejected, and no other order', () => {
  const w = sentFile()
  w.says(
    report(
      [
        ['at1', 'ACSP'],
        ['at2', CLOSED],
        ['at3', 'ACSP'],
      ],
      'PART',
    ),
  )
  expect([w.states(), w.problems()]).toEqual([['sent', 'AC04', 'sent'], []])
})

test('a file that is refused as a whole fails each of its orders, once', () => {
  const w = sentFile()
  w.says(report([['at2', CLOSED]]))
  for (let twice = 0; twice < 2; twice++) w.says(fileRefused(HEAD, FILE, { code: 'FF01', text: 'not read' }))
  expect([w.states(), w.problems()]).toEqual([['FF01', 'AC04', 'FF01'], []])
})

test('an instruction that is rejected for one of its orders fails the others too', () => {
  const w = sentFile()
  w.says(report([['at2', CLOSED]], 'RJCT'))
  expect([w.states(), w.problems()]).toEqual([['NARR', 'AC04', 'NARR'], []])
})

test('a file that is rejected as a copy fails nothing: the first one is under way', () => {
  const w = sentFile()
  w.says(fileRefused(HEAD, FILE, { code: 'DU01', text: 'this MsgId was used before' }))
  w.says(report([['at2', { code: 'AM05', text: 'this was paid before' }]], 'RJCT'))
  expect([w.states(), w.problems()]).toEqual([['sent', 'sent', 'sent'], []])
})

test('a file that nobody here knows is shown to a person', () => {
  const w = sentFile()
  w.says(fileRefused(HEAD, 'file2', { code: 'FF01', text: 'not read' }))
  expect([w.states(), w.problems()]).toEqual([['sent', 'sent', 'sent'], ['the bank speaks of an order that is not known here']])
})
