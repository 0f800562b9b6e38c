import { z } from 'zod'

/**
 * What we read of ISO 20022 messages, named as they name it. Elements we do not read are let through, because banks add optional ones; those we
 * read must have their form. Lengths are the standard's (Max35Text, Max140Text).
 */
const DETAILS_MAX = 20_000

/** The parser gives '' for an element without content, which the standard allows where all content is optional. */
const optionalContent = <T extends z.ZodRawShape>(shape: T) => z.preprocess((value) => (value === '' ? {} : value), z.object(shape))

/** The 31st of a month that has 30 would be read as the first of the next. */
function isDay(day: string): boolean {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

const text = (max: number) => z.string().min(1).max(max)
const amount = z.object({ '#text': z.string().max(24), '@Ccy': z.string().max(8) })
const side = z.enum(['CRDT', 'DBIT'])
const date = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2})?$/)
  .refine((text) => isDay(text.slice(0, 10)), 'it is no day of the calendar')
const dateTime = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?$/)
const dateOrTime = z.object({ Dt: date.optional(), DtTm: dateTime.optional() })
const iban = z.object({ Id: z.object({ IBAN: text(34).optional() }) })
/** Since version 7 the name is wrapped in Pty; an agent instead of a party has none. */
const party = optionalContent({ Nm: text(140).optional(), Pty: optionalContent({ Nm: text(140).optional() }).optional() })
const transactionCode = optionalContent({
  Domn: z.object({ Cd: text(4), Fmly: z.object({ Cd: text(4), SubFmlyCd: text(4) }) }).optional(),
})
/** Of version 2 each charge is one of these by itself, and nothing says whether the amount includes it; later ones have records. */
const charges = z.array(
  optionalContent({
    Rcrd: z
      .array(z.object({ Amt: amount, CdtDbtInd: side.optional(), ChrgInclInd: z.enum(['true', 'false', '1', '0']).optional() }))
      .optional(),
  }),
)
const count = z.string().regex(/^[0-9]{1,15}$/)
/** Since version 7 a status is a choice of codes; before, the code itself. */
const entryStatus = z.union([
  text(4).transform((Cd) => ({ Cd, Prtry: undefined })),
  z.object({ Cd: text(4).optional(), Prtry: text(35).optional() }),
])
const details = optionalContent({
  Refs: optionalContent({
    AcctSvcrRef: text(35).optional(),
    MsgId: text(35).optional(),
    PmtInfId: text(35).optional(),
    InstrId: text(35).optional(),
    EndToEndId: text(35).optional(),
    TxId: text(35).optional(),
  }).optional(),
  Amt: amount.optional(),
  /** Where version 2 has the amount of a transaction. */
  AmtDtls: optionalContent({ TxAmt: optionalContent({ Amt: amount.optional() }).optional() }).optional(),
  CdtDbtInd: side.optional(),
  Chrgs: charges.optional(),
  RltdPties: optionalContent({ Dbtr: party.optional(), DbtrAcct: iban.optional() }).optional(),
  RmtInf: optionalContent({
    Ustrd: z.array(z.string().max(140)).optional(),
    Strd: z.array(optionalContent({ CdtrRefInf: optionalContent({ Ref: z.string().max(35).optional() }).optional() })).optional(),
  }).optional(),
  RtrInf: optionalContent({ Rsn: optionalContent({ Cd: text(4).optional() }).optional() }).optional(),
})
/** What a booking of several transactions says of them together. */
const batch = optionalContent({ NbOfTxs: count.optional(), TtlAmt: amount.optional() })
export const entryShape = z.object({
  NtryRef: text(35).optional(),
  Amt: amount,
  CdtDbtInd: side,
  RvslInd: z.enum(['true', 'false', '1', '0']).optional(),
  Sts: entryStatus,
  BookgDt: dateOrTime.optional(),
  AcctSvcrRef: text(35).optional(),
  BkTxCd: transactionCode,
  Chrgs: charges.optional(),
  NtryDtls: z.array(optionalContent({ Btch: batch.optional(), TxDtls: z.array(details).max(DETAILS_MAX).optional() })).optional(),
})
const paging = z.object({ PgNb: text(5), LastPgInd: z.enum(['true', 'false', '1', '0']) })
const account = z.object({ Id: z.object({ IBAN: text(34) }), Ccy: text(3).optional() })
const header = z.object({ MsgId: text(35), CreDtTm: dateTime })
export const camtHeaderShape = header.extend({ MsgPgntn: paging.optional() })
const balance = z.object({
  Tp: z.object({ CdOrPrtry: z.object({ Cd: text(4).optional() }) }),
  Amt: amount,
  CdtDbtInd: side,
  Dt: dateOrTime,
})

const decimal = z.string().regex(/^[0-9]{1,18}(\.[0-9]{1,17})?$/)
const numberAndSum = optionalContent({ NbOfNtries: count.optional(), Sum: decimal.optional() })

export type WireEntry = z.infer<typeof entryShape>
export type WireDetails = z.infer<typeof details>
export type WireBalance = z.infer<typeof balance>

/** What camt.052, 053 and 054 (versions 2 to 10) say of an account around its entries. */
export const reportShape = z.object({
  Id: text(35),
  StmtPgntn: paging.optional(),
  RptPgntn: paging.optional(),
  NtfctnPgntn: paging.optional(),
  Acct: account,
  Bal: z.array(balance).optional(),
  TxsSummry: optionalContent({
    TtlNtries: numberAndSum.optional(),
    TtlCdtNtries: numberAndSum.optional(),
    TtlDbtNtries: numberAndSum.optional(),
  }).optional(),
})
export type WireReport = z.infer<typeof reportShape>

const statusReason = z.object({
  Rsn: z.object({ Cd: text(4).optional(), Prtry: text(35).optional() }).optional(),
  AddtlInf: z.array(z.string().max(105)).optional(),
})

/** pain.002 (versions 3 to 14): what became of a pain.001, for the group, an instruction, or a transaction. */
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

const wireCase = z.object({ Id: text(35) })
const canceledTransaction = z.object({
  RslvdCase: wireCase.optional(),
  OrgnlEndToEndId: text(35).optional(),
  TxCxlSts: text(4).optional(),
  CxlStsRsnInf: z.array(statusReason).optional(),
})
const canceledGroup = z.object({
  OrgnlNbOfTxs: count.optional(),
  GrpCxlSts: text(4).optional(),
  CxlStsRsnInf: z.array(statusReason).optional(),
  NbOfTxsPerCxlSts: z.array(z.object({ DtldNbOfTxs: count, DtldSts: text(4) })).optional(),
})

/** camt.029 (versions 3 to 12): what is answered where payments were asked back. It names them where it answers a bank, or in their orders. */
export const resolutionShape = z.object({
  RsltnOfInvstgtn: z.object({
    Assgnmt: z.object({ Id: text(35), CreDtTm: dateTime }),
    RslvdCase: wireCase.optional(),
    Sts: z.object({ Conf: text(4).optional() }),
    CxlDtls: z
      .array(
        z.object({
          OrgnlGrpInfAndSts: canceledGroup.optional(),
          OrgnlPmtInfAndSts: z.array(z.object({ TxInfAndSts: z.array(canceledTransaction).max(DETAILS_MAX).optional() })).optional(),
          TxInfAndSts: z.array(canceledTransaction).max(DETAILS_MAX).optional(),
        }),
      )
      .optional(),
  }),
})
export type WireResolution = z.infer<typeof resolutionShape>

/** pacs.004 (versions 2 to 12): payments that come back, and why. Their money is booked by the reports of the account. */
export const returnShape = z.object({
  PmtRtr: z.object({
    GrpHdr: z.object({ MsgId: text(35), CreDtTm: dateTime, NbOfTxs: count, TtlRtrdIntrBkSttlmAmt: amount.optional() }),
    TxInf: z
      .array(z.object({ OrgnlEndToEndId: text(35).optional(), RtrdIntrBkSttlmAmt: amount, RtrRsnInf: z.array(statusReason).optional() }))
      .max(DETAILS_MAX)
      .optional(),
  }),
})
