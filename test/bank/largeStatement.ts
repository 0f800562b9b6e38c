import { closeSync, openSync, writeSync } from 'node:fs'

const HEAD = '<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-20T18:00:00Z</CreDtTm></GrpHdr>'
const PART = 1_000

function entry(n: number): string {
  return (
    `<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>B${n}</AcctSvcrRef>` +
    `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E${n}</EndToEndId></Refs>` +
    `<Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>A payer with a name</Nm></Pty></Dbtr>` +
    `<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>for number ${n}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`
  )
}

/** Writes a camt.053.001.08 of so many credits of 1.00 EUR, in parts. */
export function writeLargeStatement(path: string, { iban, entries }: Readonly<{ iban: string; entries: number }>): void {
  const balance = (code: string, amount: string) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-20</Dt></Dt></Bal>`
  const file = openSync(path, 'w')
  try {
    writeSync(
      file,
      `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>${HEAD}<Stmt><Id>S1</Id>` +
        `<CreDtTm>2026-11-20T18:00:00Z</CreDtTm><Acct><Id><IBAN>${iban}</IBAN></Id></Acct>${balance('OPBD', '0.00')}${balance('CLBD', `${entries}.00`)}`,
    )
    for (let from = 0; from < entries; from += PART)
      writeSync(file, Array.from({ length: PART < entries - from ? PART : entries - from }, (_, i) => entry(from + i)).join(''))
    writeSync(file, '</Stmt></BkToCstmrStmt></Document>\n')
  } finally {
    closeSync(file)
  }
}
