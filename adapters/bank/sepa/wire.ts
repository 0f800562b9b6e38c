import { z } from 'zod'

/**
 * What we read of ISO 20022 messages, named as they name it. Elements we do not read are let through, because banks add optional ones; those we
 * read must have their form. Lengths are the standard's (Max35Text, Max140Text).
 */
const ENTRIES_MAX = 20_000
const DETAILS_MAX = 20_000

/** The parser gives '' for an element without content, which the standard allows where all content is optional. */
const optionalContent = <T extends z.ZodRawShape>(shape: T) => z.preprocess((value) => (value === '' ? {} : value), z.object(shape))

const text = (max: number) => z.string().min(1).max(max)
const amount = z.object({ '#text': z.string().max(24), '@Ccy': z.string().max(8) })
const side = z.enum(['CRDT', 'DBIT'])
const date = z.string().regex(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2})?$/)
const dateTime = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$/)
const dateOrTime = z.object({ Dt: date.optional(), DtTm: dateTime.optional() })
const iban = z.object({ Id: z.object({ IBAN: text(34).optional() }) })
/** Version 8 wraps the name in Pty; an agent instead of a party has none. */
const party = z.object({ Pty: z.object({ Nm: text(140).optional() }).optional() })
const transactionCode = optionalContent({
  Domn: z.object({ Cd: text(4), Fmly: z.object({ Cd: text(4), SubFmlyCd: text(4) }) }).optional(),
})
const charges = optionalContent({
  Rcrd: z
    .array(z.object({ Amt: amount, CdtDbtInd: side.optional(), ChrgInclInd: z.enum(['true', 'false', '1', '0']).optional() }))
    .optional(),
})
const details = optionalContent({
  Refs: optionalContent({
    AcctSvcrRef: text(35).optional(),
    MsgId: text(35).optional(),
    PmtInfId: text(35).optional(),
    InstrId: text(35).optional(),
    EndToEndId: text(35).optional(),
  }).optional(),
  Amt: amount.optional(),
  CdtDbtInd: side.optional(),
  Chrgs: charges.optional(),
  RltdPties: optionalContent({ Dbtr: party.optional(), DbtrAcct: iban.optional() }).optional(),
  RmtInf: optionalContent({
    Ustrd: z.array(z.string().max(140)).optional(),
    Strd: z.array(optionalContent({ CdtrRefInf: optionalContent({ Ref: z.string().max(35).optional() }).optional() })).optional(),
  }).optional(),
  RtrInf: optionalContent({ Rsn: optionalContent({ Cd: text(4).optional() }).optional() }).optional(),
})
const entry = z.object({
  NtryRef: text(35).optional(),
  Amt: amount,
  CdtDbtInd: side,
  RvslInd: z.enum(['true', 'false', '1', '0']).optional(),
  Sts: z.object({ Cd: text(4).optional(), Prtry: text(35).optional() }),
  BookgDt: dateOrTime.optional(),
  AcctSvcrRef: text(35).optional(),
  BkTxCd: transactionCode,
  Chrgs: charges.optional(),
  NtryDtls: z.array(optionalContent({ TxDtls: z.array(details).max(DETAILS_MAX).optional() })).optional(),
})
const paging = z.object({ PgNb: text(5), LastPgInd: z.enum(['true', 'false', '1', '0']) })
const account = z.object({ Id: z.object({ IBAN: text(34) }) })
const header = z.object({ MsgId: text(35), CreDtTm: dateTime })
const balance = z.object({
  Tp: z.object({ CdOrPrtry: z.object({ Cd: text(4).optional() }) }),
  Amt: amount,
  CdtDbtInd: side,
  Dt: dateOrTime,
})

export type WireEntry = z.infer<typeof entry>
export type WireDetails = z.infer<typeof details>
export type WireBalance = z.infer<typeof balance>

/** camt.054.001.08: what was booked, during the day. */
export const notificationShape = z.object({
  BkToCstmrDbtCdtNtfctn: z.object({
    GrpHdr: header,
    Ntfctn: z.array(z.object({ Id: text(35), Acct: account, Ntry: z.array(entry).max(ENTRIES_MAX).optional() })),
  }),
})

/** camt.053.001.08: the statement of a day. */
export const statementShape = z.object({
  BkToCstmrStmt: z.object({
    GrpHdr: header,
    Stmt: z.array(
      z.object({
        Id: text(35),
        StmtPgntn: paging.optional(),
        CreDtTm: dateTime.optional(),
        Acct: account,
        Bal: z.array(balance),
        Ntry: z.array(entry).max(ENTRIES_MAX).optional(),
      }),
    ),
  }),
})

const statusReason = z.object({
  Rsn: z.object({ Cd: text(4).optional(), Prtry: text(35).optional() }).optional(),
  AddtlInf: z.array(z.string().max(105)).optional(),
})

/** pain.002.001.10: what became of a pain.001, for the group, an instruction, or a transaction. */
export const statusReportShape = z.object({
  CstmrPmtStsRpt: z.object({
    GrpHdr: header,
    OrgnlGrpInfAndSts: z.object({
      OrgnlMsgId: text(35),
      GrpSts: text(4).optional(),
      StsRsnInf: z.array(statusReason).optional(),
    }),
    OrgnlPmtInfAndSts: z
      .array(
        z.object({
          OrgnlPmtInfId: text(35),
          PmtInfSts: text(4).optional(),
          StsRsnInf: z.array(statusReason).optional(),
          TxInfAndSts: z
            .array(
              z.object({ OrgnlEndToEndId: text(35).optional(), TxSts: text(4).optional(), StsRsnInf: z.array(statusReason).optional() }),
            )
            .optional(),
        }),
      )
      .optional(),
  }),
})

export type WireStatusReport = z.infer<typeof statusReportShape>
export type WireStatusReason = z.infer<typeof statusReason>
