/** A larger file is refused unread. */
export const FILE_BYTES_MAX = 256 * 1024 * 1024

/** Who is named by one part of an entry. */
export type BookedPart = Readonly<{
  units: bigint
  charge: boolean
  returned: boolean
  endToEndId?: string
  /** Other names that a payment of ours went out under, as far as the bank repeats them. */
  ourIds?: readonly string[]
  /** The file that it left in, as the bank calls it. */
  batch?: string
  /** Why a payment came back: a code of ISO's ExternalReturnReason set. */
  reason?: string
  reference?: string
  /** The payee's bank and ours name a transfer so between them, where ours tells. */
  transactionId?: string
  payer?: string
  /** The account that it came from. */
  payerIban?: string
  text?: string
}>

/**
 * One booking on our account. `key` names it in every report of the bank, so it is booked once; its parts (one each transaction of a batch, and
 * a charge that the entry includes) sum to what was booked.
 */
export type BookedEntry = Readonly<{
  key: string
  side: 'credit' | 'debit'
  units: bigint
  bookedOn: string
  parts: readonly BookedPart[]
}>

/** What a status report says about one payment. `endToEndId` is missing when the report speaks of the whole file. */
export type PaymentStatus = Readonly<{ state: 'underway' | 'rejected' | 'duplicate'; code: string; endToEndId?: string; detail?: string }>

/** A statement of a day: `closing` = `opening` plus its entries. Balances in units, negative when overdrawn. `at` in ms. */
export type DayStatement = Readonly<{
  id: string
  at: number
  opening: bigint
  closing: bigint
  closingOn: string
  entries: Iterable<BookedEntry>
}>

/**
 * What a payee's bank says of a payment, beside any booking: why it comes back; or that the account is to be named otherwise from now on, which `correction`
 * says where the network's reader could tell.
 */
export type Notice =
  | Readonly<{ kind: 'returned'; endToEndId: string; code: string; detail: string }>
  | Readonly<{ kind: 'changed'; endToEndId: string; code: string; detail: string; correction: string | undefined }>

/**
 * What a bank answers where a payment was asked back. `name` is what we called the question, `endToEndId` what we called the payment: one of them at least.
 */
export type RecallAnswer = Readonly<{
  answer: 'pending' | 'accepted' | 'refused'
  name?: string
  endToEndId?: string
  code?: string
  detail?: string
}>

/** A bank's file in our words. */
export type BankFile =
  | Readonly<{ kind: 'notification'; at: number; entries: Iterable<BookedEntry> }>
  | Readonly<{ kind: 'statement'; at: number; statements: readonly DayStatement[] }>
  | Readonly<{ kind: 'status'; at: number; messageId: string; statuses: readonly PaymentStatus[] }>
  | Readonly<{ kind: 'notices'; at: number; notices: readonly Notice[] }>
  | Readonly<{ kind: 'answers'; at: number; answers: readonly RecallAnswer[] }>

/** Entries of one report, in order; there may be more than memory should hold. */
export type EntryList = Iterable<BookedEntry> & Readonly<{ add: (entry: BookedEntry) => void }>

/** Reads a file piece by piece. Both throw BankFileRefused, and then nothing of the file counts. */
export type FileReader = Readonly<{ write: (bytes: Uint8Array) => void; end: () => BankFile }>
