/** Of which message: an account report of the day, a statement, a notification. */
export type CamtMessage = '052' | '053' | '054'
export const CAMT_MESSAGES: readonly CamtMessage[] = ['052', '053', '054']
export const CAMT_VERSIONS: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10]

type SampleOptions = Readonly<{ message: CamtMessage; version: number; iban: string; reference: string }>

const NAMES = {
  '052': { message: 'BkToCstmrAcctRpt', report: 'Rpt' },
  '053': { message: 'BkToCstmrStmt', report: 'Stmt' },
  '054': { message: 'BkToCstmrDbtCdtNtfctn', report: 'Ntfctn' },
} as const
const NOW = '2026-11-20T18:00:00+01:00'
const OTHER = 'DE89370400440532013000'
/** Versions in which the elements changed: the amount of a transaction, the status and parties. */
const OWN_AMOUNT = 3
const CHOICES = 7

const money = (name: string, amount: string) => `<${name} Ccy="EUR">${amount}</${name}>`
const code = (family: string, subFamily: string) =>
  `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${family}</Cd><SubFmlyCd>${subFamily}</SubFmlyCd></Fmly></Domn></BkTxCd>`

/** What the versions write in their own ways. */
function dialect(version: number) {
  const status = (text: string) => `<Sts>${version < CHOICES ? text : `<Cd>${text}</Cd>`}</Sts>`
  return {
    status,
    party: (role: string, name: string) =>
      `<${role}>${version < CHOICES ? `<Nm>${name}</Nm>` : `<Pty><Nm>${name}</Nm></Pty>`}</${role}><${role}Acct><Id><IBAN>${OTHER}</IBAN></Id></${role}Acct>`,
    amount: (amount: string, side: string) =>
      version < OWN_AMOUNT
        ? `<AmtDtls><TxAmt>${money('Amt', amount)}</TxAmt></AmtDtls>`
        : `${money('Amt', amount)}<CdtDbtInd>${side}</CdtDbtInd>`,
    entry: (amount: string, side: string, rest: Readonly<{ ref: string; code: string; details: string; sts?: string }>) =>
      `<Ntry>${money('Amt', amount)}<CdtDbtInd>${side}</CdtDbtInd>${status(rest.sts ?? 'BOOK')}<BookgDt><Dt>2026-11-20</Dt></BookgDt>` +
      `<ValDt><Dt>2026-11-20</Dt></ValDt><AcctSvcrRef>${rest.ref}</AcctSvcrRef>${rest.code}<NtryDtls>${rest.details}</NtryDtls></Ntry>\n`,
  }
}

/**
 * A message in its version, valid against that version's schema: a transfer in by a creditor reference, two that are booked as a batch, a payment of ours, one
 * that came back closed (AC04), a pending one. It opens with 100.00 and closes with 120.00.
 */
export function camtSample({ message, version, iban, reference }: SampleOptions): string {
  const { message: root, report } = NAMES[message]
  const { party, amount, entry } = dialect(version)
  const structured = `<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf>`
  const written = (text: string) => `<RmtInf><Ustrd>${text}</Ustrd></RmtInf>`
  const parties = (role: string, name: string) => `<RltdPties>${party(role, name)}</RltdPties>`
  const transaction = (refs: string, of: string, rest: string) => `<TxDtls><Refs>${refs}</Refs>${of}${rest}</TxDtls>`
  const e2e = (id: string) => `<EndToEndId>${id}</EndToEndId>`
  const entries = [
    entry('20.00', 'CRDT', {
      ref: 'R1',
      code: code('RCDT', 'ESCT'),
      details: transaction(e2e('THEIRS'), amount('20.00', 'CRDT'), parties('Dbtr', 'Anna &amp; Co') + structured),
    }),
    entry('30.00', 'CRDT', {
      ref: 'R2',
      code: code('RCDT', 'ESCT'),
      details:
        `<Btch><NbOfTxs>2</NbOfTxs>${money('TtlAmt', '30.00')}<CdtDbtInd>CRDT</CdtDbtInd></Btch>` +
        transaction(e2e('B1'), amount('10.00', 'CRDT'), parties('Dbtr', 'Ben') + written('first')) +
        transaction(e2e('B2'), amount('20.00', 'CRDT'), parties('Dbtr', 'Cleo') + written('second')),
    }),
    entry('40.00', 'DBIT', {
      ref: 'R3',
      code: code('ICDT', 'ESCT'),
      details: transaction(`<InstrId>at1</InstrId>${e2e('at1')}`, amount('40.00', 'DBIT'), parties('Cdtr', 'Dora') + written('ours')),
    }),
    entry('10.00', 'CRDT', {
      ref: 'R4',
      code: code('RCDT', 'RRTN'),
      details: transaction(e2e('at2'), amount('10.00', 'CRDT'), `${written('back')}<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>`),
    }),
    entry('99.00', 'CRDT', {
      ref: 'R5',
      code: code('RCDT', 'ESCT'),
      details: transaction(e2e('P1'), amount('99.00', 'CRDT'), ''),
      sts: 'PDNG',
    }),
  ]
  const balance = (type: string, of: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${money('Amt', of)}<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>`
  const balances = message === '054' ? '' : balance('OPBD', '100.00') + balance(message === '053' ? 'CLBD' : 'ITBD', '120.00')
  const summary =
    '<TxsSummry><TtlNtries><NbOfNtries>5</NbOfNtries><Sum>199.00</Sum></TtlNtries><TtlCdtNtries><NbOfNtries>4</NbOfNtries><Sum>159.00</Sum></TtlCdtNtries>' +
    '<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>40.00</Sum></TtlDbtNtries></TxsSummry>'
  const account = `<Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>`
  const head = `<GrpHdr><MsgId>M1</MsgId><CreDtTm>${NOW}</CreDtTm></GrpHdr>`
  const namespace = `urn:iso:std:iso:20022:tech:xsd:camt.${message}.001.${String(version).padStart(2, '0')}`
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}"><${root}>${head}\n<${report}><Id>S1</Id><CreDtTm>${NOW}</CreDtTm>` +
    `${account}${balances}${summary}\n${entries.join('')}</${report}></${root}></Document>\n`
  )
}
