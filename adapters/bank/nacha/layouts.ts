import { date, digits, fixed, type Layout, right, text, type Values } from './fields.ts'

/** Nacha Operating Rules, appendix three: the columns of each record, in their order. */
export const FILE_HEADER = [
  fixed('1', 'record type'),
  fixed('01', 'priority code'),
  right('immediate destination', 10),
  right('immediate origin', 10),
  date('file creation date'),
  text('file creation time', 4),
  text('file id modifier', 1),
  fixed('094', 'record size'),
  fixed('10', 'blocking factor'),
  fixed('1', 'format code'),
  text('immediate destination name', 23),
  text('immediate origin name', 23),
  text('reference code', 8),
] as const

export const BATCH_HEADER = [
  fixed('5', 'record type'),
  digits('service class code', 3),
  text('company name', 16),
  text('company discretionary data', 20),
  text('company identification', 10),
  text('standard entry class', 3),
  text('company entry description', 10),
  text('company descriptive date', 6),
  date('effective entry date'),
  text('settlement date', 3),
  text('originator status code', 1),
  digits('originating DFI', 8),
  digits('batch number', 7),
] as const

const ENTRY_BEGIN = [
  fixed('6', 'record type'),
  digits('transaction code', 2),
  digits('receiving DFI', 9),
  text('DFI account number', 17),
  digits('amount', 10),
  text('individual identification', 15),
] as const
const ENTRY_END = [text('discretionary data', 2), digits('addenda record indicator', 1), digits('trace number', 15)] as const

/** PPD, CCD, WEB, TEL and COR. */
export const ENTRY = [...ENTRY_BEGIN, text('individual name', 22), ...ENTRY_END] as const
/** CTX counts its addenda before the name. */
export const CTX_ENTRY = [
  ...ENTRY_BEGIN,
  digits('number of addenda', 4),
  text('receiving company', 16),
  fixed('  ', 'reserved'),
  ...ENTRY_END,
] as const

export const PAYMENT_ADDENDUM = [
  fixed('7', 'record type'),
  fixed('05', 'addenda type code'),
  text('payment related information', 80),
  digits('addenda sequence number', 4),
  digits('entry detail sequence number', 7),
] as const

export const RETURN_ADDENDUM = [
  fixed('7', 'record type'),
  fixed('99', 'addenda type code'),
  text('return reason code', 3),
  digits('original trace number', 15),
  date('date of death'),
  digits('original receiving DFI', 8),
  text('addenda information', 44),
  digits('trace number', 15),
] as const

export const CHANGE_ADDENDUM = [
  fixed('7', 'record type'),
  fixed('98', 'addenda type code'),
  text('change code', 3),
  digits('original trace number', 15),
  fixed('      ', 'reserved'),
  digits('original receiving DFI', 8),
  text('corrected data', 29),
  text('reserved', 15),
  digits('trace number', 15),
] as const

export const BATCH_CONTROL = [
  fixed('8', 'record type'),
  digits('service class code', 3),
  digits('entry and addenda count', 6),
  digits('entry hash', 10),
  digits('total debits', 12),
  digits('total credits', 12),
  text('company identification', 10),
  text('message authentication code', 19),
  text('reserved', 6),
  digits('originating DFI', 8),
  digits('batch number', 7),
] as const

export const FILE_CONTROL = [
  fixed('9', 'record type'),
  digits('batch count', 6),
  digits('block count', 6),
  digits('entry and addenda count', 8),
  digits('entry hash', 10),
  digits('total debits', 12),
  digits('total credits', 12),
  text('reserved', 39),
] as const

export type ValuesOf<L> = L extends Layout<infer Name> ? Values<Name> : never
